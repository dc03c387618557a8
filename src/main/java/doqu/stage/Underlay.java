package doqu.stage;

import java.nio.file.Path;

/**
 * A directory of the machine that the work area of a stage shows, with everything in it.
 *
 * @param directory what is in it will be in the work area
 * @param ids those its files belong to, which the stage has then too
 * @param kept whether what is changed in the work area is changed in the directory; else it is
 *     written to memory, and gone with the stage
 */
public record Underlay(Path directory, Ids ids, boolean kept) {}
