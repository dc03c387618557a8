package doqu.shell;

import doqu.step.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The commands that are about doqu itself: neither steps nor looks. */
enum Control {
  SWITCH("child|parent|NAME|PID", "let another actor carry out the steps", Session::switchTo),
  ATTACH("[NAME|PID]", "return to a program that was left with Ctrl-]", Session::attach),
  HOST("LOOK", "take a look from the host instead", Session::host),
  HELP("[COMMAND]", "what there is, or what one command does", Session::help),
  QUIT("", "leave, as Ctrl-D does", Session::quit),
  BYE("", "leave", Session::quit);

  private final String synopsis;
  private final String says;

  @SuppressWarnings("ImmutableEnumChecker") // a method reference
  private final BiConsumer<Session, List<Word>> action;

  Control(String synopsis, String says, BiConsumer<Session, List<Word>> action) {
    this.synopsis = synopsis;
    this.says = says;
    this.action = action;
  }

  static Optional<Control> named(String name) {
    return Arrays.stream(values()).filter(control -> control.word().equals(name)).findFirst();
  }

  /** The word it is called by. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What may follow it. */
  String synopsis() {
    return synopsis;
  }

  /** What it does, in one line. */
  String says() {
    return says;
  }

  /** Does it. */
  void run(Session session, List<Word> words) {
    action.accept(session, words);
  }
}
