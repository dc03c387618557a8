package doqu.shell;

import doqu.kernel.Namespace;
import doqu.observe.StageProcess;
import doqu.step.Usage;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/** What Tab offers: from a command's usage, and what the actor in focus sees. */
final class Completion implements Completer {
  private static final String CURRENT = ".";

  private final Session session;

  Completion(Session session) {
    this.session = session;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    candidates(Typing.of(line.line(), line.cursor()), candidates);
  }

  /** What may stand where the cursor is. */
  void candidates(Typing typing, List<Candidate> candidates) {
    String command = typing.command();
    if (command.isEmpty()) {
      for (String name : Session.words()) {
        candidates.add(described(name, Words.group(name), Words.says(name)));
      }
      return;
    }
    boolean ofAnother = Control.named(command).filter(Control::takesCommand).isPresent();
    if (ofAnother && typing.words().size() > 1) {
      // What follows a look from the host is what follows the look.
      candidates(behindFirst(typing), candidates);
      return;
    }
    if (command.equals(Control.ROOTFS.word()) && typing.words().size() > 1) {
      Typing rest = behindFirst(typing);
      RootfsWord.named(rest.command()).ifPresent(word -> operands(rest, word.usage(), candidates));
      return;
    }
    Typing.usage(command).ifPresent(usage -> operands(typing, usage, candidates));
  }

  private static Typing behindFirst(Typing typing) {
    return new Typing(
        typing.words().subList(1, typing.words().size()), typing.word(), typing.start());
  }

  /** A word with what is told of it; where that is nothing there is no pair of parentheses. */
  private static Candidate described(String word, @Nullable String group, String says) {
    return new Candidate(word, word, group, says.isEmpty() ? null : says, null, null, true);
  }

  private void operands(Typing typing, Usage usage, List<Candidate> candidates) {
    Usage.Option option = typing.valueOf(usage).orElse(null);
    if (option != null) {
      of(option.value(), typing, candidates);
      return;
    }
    if (typing.word().startsWith("-")) {
      options(usage, candidates);
      return;
    }
    usage
        .operand(typing.place(usage))
        .ifPresent(
            operand -> {
              for (String alternative : operand.alternatives()) {
                of(alternative, typing, candidates);
              }
            });
  }

  private static void options(Usage usage, List<Candidate> candidates) {
    for (Usage.Option option : usage.options()) {
      for (String spelling : option.spellings()) {
        String kind = spelling.substring(1);
        if (Words.isKind(kind) && kind.length() > 1) {
          Words.of(kind).forEach(word -> candidates.add(new Candidate("-" + word)));
        } else {
          candidates.add(described(spelling, null, option.value()));
        }
      }
    }
    if (usage.takesDashes()) {
      for (Namespace namespace : Namespace.values()) {
        for (String spelling : List.of("-" + namespace.option(), "--" + namespace.longOption())) {
          candidates.add(described(spelling, null, namespace.flagName()));
        }
      }
    }
  }

  private void of(String alternative, Typing typing, List<Candidate> candidates) {
    if (!Words.isKind(alternative)) {
      if (!typing.command().equals("switch") || Who.isAny(alternative, session.stage())) {
        candidates.add(new Candidate(alternative));
      }
      return;
    }
    switch (alternative) {
      case "ACTOR" -> {
        if (!areSteps(typing)) {
          add(candidates, Words.actors(session.stage().actors().stream()));
        }
      }
      case "N" -> add(candidates, areSteps(typing) ? session.steps() : List.of());
      case "PID" -> pids(candidates);
      case "PATH" -> paths(typing, candidates, Completion::onTheMachine);
      case "FILE", "DIRECTORY", "SOURCE", "TARGET", "NEW_ROOT", "PUT_OLD" ->
          paths(
              typing,
              candidates,
              typing.command().equals("proc")
                  ? directory -> session.names("/proc/self/" + directory)
                  : session::names);
      case "ROOTFS" -> add(candidates, Shelf.names());
      case "PROGRAM" -> programs(typing, candidates);
      case "ARG" -> {
        add(candidates, typing.command().equals("syscall") ? Words.of("FLAG") : List.of());
        paths(typing, candidates, session::names);
      }
      case "LESSON" -> add(candidates, session.lessons());
      case "CHOICE" -> add(candidates, session.choices());
      case "VARIABLE" -> add(candidates, session.stage().focus().environment().keySet());
      case "VALUE" -> add(candidates, Settings.choices(typing.words()));
      case "OPTION,..." -> list(alternative, typing, candidates);
      default -> add(candidates, Words.of(alternative));
    }
  }

  /** Whether what follows are numbers of steps, as it is with an option of diff. */
  private static boolean areSteps(Typing typing) {
    return typing.words().contains("-s") || typing.words().contains("--steps");
  }

  private static void add(List<Candidate> candidates, Collection<String> words) {
    words.forEach(word -> candidates.add(new Candidate(word)));
  }

  /** Those that kill(2) of the one in focus knows, with the names of the actors. */
  private void pids(List<Candidate> candidates) {
    StageProcess.seenBy(session.stage().focus(), session.stage())
        .forEach(
            (pid, process) ->
                candidates.add(described(pid.toString(), null, process.shown(session.stage()))));
  }

  /** One of several words that are joined with commas. */
  private static void list(String kind, Typing typing, List<Candidate> candidates) {
    String done = typing.word().substring(0, typing.word().lastIndexOf(',') + 1);
    for (String word : Words.of(kind)) {
      candidates.add(new Candidate(done + word, word, null, null, null, null, false));
    }
  }

  /** Lists a directory: names, those of directories with a slash at the end. */
  @FunctionalInterface
  private interface Listing {
    List<String> of(String directory);
  }

  private static void paths(Typing typing, List<Candidate> candidates, Listing listing) {
    String word = typing.word();
    if (word.startsWith("$") && word.indexOf('/') < 0) {
      candidates.add(new Candidate("$ROOTFS", "$ROOTFS", null, null, null, null, false));
      return;
    }
    String directory = word.substring(0, word.lastIndexOf('/') + 1);
    for (String name : listing.of(directory.isEmpty() ? CURRENT : directory)) {
      candidates.add(
          new Candidate(directory + name, name, null, null, null, null, !name.endsWith("/")));
    }
  }

  private static List<String> onTheMachine(String directory) {
    return Arrays.stream(Objects.requireNonNullElse(new File(directory).listFiles(), new File[0]))
        .map(file -> file.getName() + (file.isDirectory() ? "/" : ""))
        .sorted()
        .toList();
  }

  private void programs(Typing typing, List<Candidate> candidates) {
    if (typing.word().contains("/") || typing.word().startsWith("$")) {
      paths(typing, candidates, session::names);
      return;
    }
    List<String> names = new ArrayList<>();
    String path = session.stage().focus().environment().getOrDefault("PATH", "");
    for (String folder : path.split(":", -1)) {
      names.addAll(session.names(folder));
    }
    add(candidates, names.stream().distinct().sorted().toList());
  }
}
