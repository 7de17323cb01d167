package main

import (
	"strings"

	"hdsreport/config"
	"hdsreport/etl/message"
)

// speak chooses the language of what the program says before it has read a
// configuration: the setting's variable, else LC_ALL, LC_MESSAGES and LANG as POSIX orders
// them, else French.
func (c *Command) speak() {
	c.say = message.In(message.Languages[0])
	env := map[string]string{}
	for _, e := range c.Environ {
		if name, value, ok := strings.Cut(e, "="); ok {
			env[name] = value
		}
	}
	for _, name := range []string{"HDSREPORT_REPORT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env[name]; value != "" {
			code := strings.ToLower(value)
			if end := strings.IndexAny(code, "_.@"); end >= 0 {
				code = code[:end]
			}
			c.say = message.In(code)
			return
		}
	}
}

// configure reads the configuration, of a workspace or, where file is empty, the one that
// loose files have, and speaks its language from then on.
func (c *Command) configure(file string, flags map[string]string) (config.Config, error) {
	conf, err := config.Load(file, c.Environ, flags)
	if err == nil {
		c.say = message.In(conf.Report.Language)
	}
	return conf, err
}
