//go:build race

package gsheets

// raced reports whether the race detector slows everything down tenfold: there, fewer
// random runs do, and the long stories in one thread are left to the run without it.
const raced = true
