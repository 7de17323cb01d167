//go:build race

package raced

// Detector reports whether the race detector is at work.
const Detector = true
