package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"hdsreport/config"
)

// phases measures where the time of a run goes, step by step. Nil measures nothing.
type phases struct {
	time   time.Time     // when the last step ended
	cpu    time.Duration // what the process had used of all cores by then
	passes []pass
}

type pass struct {
	step      string
	wall, cpu time.Duration
}

// trace begins to measure if HDSREPORT_TRACE is "phases". After a comma may stand the time
// at which the process was started, in seconds of Unix time; without it nobody knows how
// long the system took to start it, only what processor time it used.
func (c *Command) trace() error {
	said := ""
	for _, e := range c.Environ {
		if value, ok := strings.CutPrefix(e, config.Trace+"="); ok {
			said = value
		}
	}
	if said == "" {
		return nil
	}
	what, since, timed := strings.Cut(said, ",")
	started, err := strconv.ParseFloat(since, 64)
	if what != "phases" || timed && err != nil {
		return usage("trace-unknown", "name", config.Trace, "value", said)
	}
	c.phases = &phases{time: c.begun}
	if timed {
		c.phases.time = time.UnixMicro(int64(started * 1e6))
	} else if c.begun.IsZero() {
		c.phases.time = time.Now()
	}
	c.phases.passed("start")
	return nil
}

// passed ends a step and begins the next one.
func (p *phases) passed(step string) {
	if p == nil {
		return
	}
	now, cpu := time.Now(), processorTime()
	p.passes = append(p.passes, pass{step, now.Sub(p.time), cpu - p.cpu})
	p.time, p.cpu = now, cpu
}

// print writes a line a step: its name, and the milliseconds of wall time and of processor
// time that it took. The last line is what came after the last step.
func (p *phases) print(w io.Writer) {
	if p == nil {
		return
	}
	p.passed("end")
	for _, s := range p.passes {
		fmt.Fprintf(w, "phase %-10s %10.3f %10.3f\n", s.step, s.wall.Seconds()*1000, s.cpu.Seconds()*1000)
	}
}
