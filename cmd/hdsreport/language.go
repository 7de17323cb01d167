package main

import (
	"path/filepath"
	"strings"

	"hdsreport/config"
	"hdsreport/etl/message"
)

// speak chooses the language of messages until a configuration has been read: the
// environment variable of the setting, else LC_ALL, LC_MESSAGES and LANG in POSIX order,
// else French.
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

// configure reads the configuration of a workspace, or the default one for loose files if
// file is empty, and sets the language of messages.
func (c *Command) configure(file string, flags map[string]string) (config.Config, error) {
	conf, err := config.Load(file, c.Environ, flags)
	if err == nil {
		c.say = message.In(conf.Report.Language)
		if file != "" && filepath.Clean(file) != config.FileName {
			c.say = c.say.Configured(file)
		}
	}
	return conf, err
}
