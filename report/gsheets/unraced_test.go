//go:build !race

package gsheets

const raced = false
