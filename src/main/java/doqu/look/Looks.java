package doqu.look;

import doqu.actor.Actor;
import doqu.stage.Stage;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Usage;
import doqu.step.Word;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The table of looks. */
public final class Looks {
  /** What a look looks at: an actor on a stage. */
  public record Seen(Stage stage, Actor actor) {}

  /** Looks, and says what it saw in lines. */
  @FunctionalInterface
  public interface Look {
    List<String> show(Seen seen, Args args);
  }

  /**
   * One row.
   *
   * @param usage the word it is called by, and what may follow it
   * @param says what it shows, in one line
   * @param asksActor whether the actor itself has to make calls for it
   * @param beside the same where another's stands beside it, without what tells the two apart
   */
  public record Row(Usage usage, String says, boolean asksActor, Look look, Look beside) {
    private Row(String usage, String says, boolean asksActor, Look look) {
      this(usage, says, asksActor, look, look);
    }

    private Row(String usage, String says, boolean asksActor, Look look, Look beside) {
      this(Usage.of(usage), says, asksActor, look, beside);
    }

    /** The word it is called by. */
    public String name() {
      return usage.name();
    }

    /** Takes the look that the words after the name make. */
    public List<String> show(Seen seen, List<Word> words) {
      return look.show(seen, Args.of(words, usage));
    }

    /** Takes it for a column. */
    public List<String> showBeside(Seen seen, List<Word> words) {
      return beside.show(seen, Args.of(words, usage));
    }
  }

  private static final List<Row> ROWS =
      List.of(
          new Row("ps", "what its /proc shows", false, Ps::show),
          new Row("ns", "its namespaces, as lsns", false, Ns::show),
          new Row("mounts", "mounts, as findmnt", false, MountTree::show),
          new Row("hostname", "host and domain name", false, Names::hostname, Names::own),
          new Row("uname", "what uname(2) says", false, Names::uname),
          new Row("id", "its ids and id maps", true, Identity::id),
          new Row("caps", "the capability sets", false, Identity::caps),
          new Row("proc FILE", "a file of /proc/self", true, Files::proc),
          new Row("ls [DIRECTORY]", "a directory's names", true, Files::ls),
          new Row("cat FILE", "a file's text", true, Files::cat),
          new Row("actors", "who acts, and who can", false, Cast::actors),
          new Row("status", "where it stands", false, Cast::status),
          new Row("doctor", "what doqu can do here", false, Doctor::show));

  private Looks() {}

  /** All of them, in the order in which help shows them. */
  public static Stream<Row> rows() {
    return ROWS.stream();
  }

  /** The row of a name. */
  public static Optional<Row> named(String name) {
    return rows().filter(row -> row.name().equals(name)).findFirst();
  }

  /**
   * The same where there has to be one.
   *
   * @throws Mistake that names the nearest
   */
  public static Row parse(String name) {
    return named(name)
        .orElseThrow(() -> Mistake.unknown("look", name, rows().map(Row::name).toList()));
  }
}
