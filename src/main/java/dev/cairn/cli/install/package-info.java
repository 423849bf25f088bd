/** What plugs Cairn into coding agents: plans of changes to files, shown before they are made and undone to the byte. */
@NullMarked
package dev.cairn.cli.install;

import org.jspecify.annotations.NullMarked;
