package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// BenchmarkRun is the whole main job on the samples, without the process's start.
// .ci/bench/run measures the process against pandas.
func BenchmarkRun(b *testing.B) {
	out := filepath.Join(b.TempDir(), "book.xlsx")
	for b.Loop() {
		c := &Command{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now}
		if code := c.Main([]string{"run", "--config", "../../samples/hdsreport.yaml", "--out", out}); code != 0 {
			b.Fatal(code)
		}
		os.Remove(out)
	}
}

// BenchmarkRows shows time and memory a row at 10,000 and 100,000 rows a list:
// both must stay level.
func BenchmarkRows(b *testing.B) {
	for _, rows := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			dir := b.TempDir()
			approved, certified := filepath.Join(dir, "agrees.csv"), filepath.Join(dir, "certifies.csv")
			if err := os.WriteFile(approved, manyApproved(rows), 0o644); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(certified, manyCertified(rows), 0o644); err != nil {
				b.Fatal(err)
			}
			out := filepath.Join(dir, "book.xlsx")
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				c := &Command{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now,
					Environ: []string{"HDSREPORT_GATE_UNCLASSIFIED=1"}}
				if code := c.Main([]string{"run", "--agrees", approved, "--certifies", certified, "--date",
					"2019-06-17", "--out", out}); code != 0 {
					b.Fatal(code)
				}
				os.Remove(out)
			}
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*rows), "ns/row")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(2*rows), "B/row")
		})
	}
}

// manyApproved and manyCertified are lists of invented actors, one row in ten a
// second one of its actor.
func manyApproved(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("Hébergeur;Prestation agréée;Date d'agrément;Fin d'agrément\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s;Hébergement %d;%02d/%02d/2017;%02d/%02d/2020\n", invented(i), i%1000, 1+i%28, 1+i%12,
			1+i%28, 1+i%12)
	}
	return b.Bytes()
}

func manyCertified(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("Hébergeur;Type de certificat;Activités;Organisme certificateur;N° de certificat;Date de délivrance;Date de fin\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s;Hébergeur infogéreur;Sauvegarde;LNE;C-%d;%02d/%02d/2018;%02d/%02d/2021\n",
			invented(i+rows/2), i, 1+i%28, 1+i%12, 1+i%28, 1+i%12)
	}
	return b.Bytes()
}

func invented(i int) string {
	i = i - i%10/9 // every tenth is the one before it again
	words := []string{"Cloud", "Santé", "Hébergement", "Infogérance", "Données", "Réseaux", "Archivage"}
	const letters = "bcdfghjklmnpqrstvwxz"
	name := []byte{'A' + byte(i%26)}
	for n := i/26 + 20; n > 0; n /= 20 {
		name = append(name, "aeiou"[n%5], letters[n%20])
	}
	return string(name) + " " + words[i%7] + []string{"", " SAS", " SARL"}[i%3]
}
