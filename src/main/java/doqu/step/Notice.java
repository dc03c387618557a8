package doqu.step;

/**
 * A silent failure: the call returned what it should, and the state is not what one thinks.
 *
 * @param failure which of the {@link Notices}
 * @param says what is the case, in one line
 * @param evidence what was read, and where anyone can read it
 * @param mend the step that mends it; empty: there is none
 */
public record Notice(String failure, String says, String evidence, String mend) {}
