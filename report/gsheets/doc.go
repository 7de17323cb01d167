// Package gsheets makes an existing Google Sheet equal to the book, all or nothing.
package gsheets

import _ "google.golang.org/api/sheets/v4"
