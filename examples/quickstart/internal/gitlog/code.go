package gitlog

import (
	"path"
	"strings"
)

// IsCode reports whether a file is source code, by its name alone: what programs are written, queried,
// laid out, tested or built with. Data, configuration (JSON, YAML, TOML, INI), translations, documentation and media are not.
// Directories do not matter: vendored code counts as code. Case does not matter either.
func IsCode(name string) bool {
	base := strings.ToLower(path.Base(name))
	if codeNames[base] {
		return true
	}
	// ".c" alone is a hidden file without extension.
	dot := strings.LastIndexByte(base, '.')
	return dot > 0 && codeExtensions[base[dot+1:]]
}

// codeNames are files of source code without a telling extension.
var codeNames = set(`makefile gnumakefile dockerfile containerfile cmakelists.txt meson.build build.bazel workspace.bazel
	rakefile gemfile vagrantfile jenkinsfile justfile configure.ac`)

// codeExtensions are the extensions of source code, without the dot.
var codeExtensions = set(`
	ada adb ads agda as asm awk bas bash bat bzl c c++ cbl cc cjs cl clj cljc cljs cls cmake cmd cob coffee cpp cr cs
	csh css cts cu cxx d dart dpr e el elm erl ex exs f f03 f08 f77 f90 f95 fish for frag fs fsi fsx gd gleam glsl
	go gql gradle graphql groovy h h++ hbs hcl hh hlsl hpp hrl hs htm html hxx idr inc ino ipynb java jinja jinja2 jl js jsp jsx
	kt kts l lean less lhs liquid lisp ll lua m m4 mak mjs mk ml mli mm mts nim nix odin pas php phtml pl plx pm pp proto
	ps1 psm1 purs py pyi pyx r rake raku razor rb re rei rkt rlib rs s sass sbt scala scm scss sh shader sol sql ss
	styl sv svelte swift t tcl templ tf thrift tmpl tpl ts tsx twig v vala vb vert vhd vhdl vim vue wat wgsl wl x xs xsl xslt
	y zig zsh`)

func set(words string) map[string]bool {
	s := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		s[word] = true
	}
	return s
}
