package dev.cairn.observer.rules;

import java.util.List;

/**
 * An error and what made it go away.
 *
 * @param failures the commands that failed, all for the same end
 * @param remedies what was changed or installed between the first failure and the proof
 * @param looks what was read and searched in between
 * @param proofs the commands that passed afterwards
 * @param position where in the turn the first failure stands
 */
record ErrorFix(
        List<ToolCall> failures, List<ToolCall> remedies, List<ToolCall> looks, List<ToolCall> proofs, int position) {}
