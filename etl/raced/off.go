//go:build !race

// Package raced tells tests whether the race detector watches them. It makes the program
// eight times as slow: a test that has nothing to do with races leaves it out, and runs
// without it in .ci/run.
package raced

// Detector reports whether the race detector is at work.
const Detector = false
