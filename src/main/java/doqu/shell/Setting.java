package doqu.shell;

import java.util.List;
import java.util.Locale;

/** What a human may adjust; the first value is the one without being asked. */
enum Setting {
  FEEDBACK("how much is told of a step", "normal", "full", "terse"),
  COLOUR("whether failures are red", "auto", "on", "off"),
  PLUMBING("whether the calls doqu makes for its own purposes are shown", "off", "on"),
  STATUS("whether a line below the prompt says where the actor stands", "on", "off"),
  NOTICES("whether silent failures are pointed out", "on", "off");

  private final String says;
  private final List<String> choices;

  Setting(String says, String... choices) {
    this.says = says;
    this.choices = List.of(choices);
  }

  /** The word it is called by. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is about, in one line. */
  String says() {
    return says;
  }

  /** What it may be set to. */
  List<String> choices() {
    return choices;
  }
}
