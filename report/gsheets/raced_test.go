//go:build race

package gsheets

// raced tells that the race detector slows everything down tenfold.
const raced = true
