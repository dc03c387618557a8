package doqu.shell;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.kernel.Arch;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import doqu.look.Looks;
import doqu.step.Mistake;
import doqu.step.StepRecord;
import doqu.step.Steps;
import doqu.step.Usage;
import doqu.step.Word;
import doqu.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say of the commands is complete, and true. */
class PageTest {
  private static final Path PAGES = Path.of("src/main/resources/doqu/shell/help");

  private static Page page(String command) {
    return Page.of(command).orElseThrow(() -> new AssertionError("no page of " + command));
  }

  private static List<Word> words(String... words) {
    return Stream.of(words).map(word -> new Word(word, false)).toList();
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(toSet());
  }

  // The pages

  @Test
  void everyCommandHasAPage() {
    assertThat(Session.words())
        .isNotEmpty()
        .allSatisfy(command -> assertThat(page(command).text()).isNotEqualTo(List.of("")));
  }

  @Test
  void thePageOfAStepHasEverySection() throws IOException {
    for (Steps.Row step : Steps.rows().toList()) {
      Page page = page(step.name());
      assertThat(page.calls()).as(step.name()).isNotEmpty();
      assertThat(page.c()).as(step.name()).isNotEmpty();
      assertThat(page.shell()).as(step.name()).isNotEmpty();
      assertThat(page.manual()).as(step.name()).isNotEmpty();
      assertThat(page.examples()).as(step.name()).isNotEmpty();
      // These two may say "none", which is not to be taken for nothing said.
      assertThat(Files.readString(PAGES.resolve(step.name() + ".txt")))
          .containsPattern("(?m)^options:( none$|$)")
          .containsPattern("(?m)^errnos:( none$|$)");
    }
  }

  /** Those of commands that are not there yet too; a misspelt section would be text. */
  @Test
  void everyFileIsAPage() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      for (Path file : files.toList()) {
        Page page = Page.parse(Files.readString(file));
        assertThat(page.text()).as(file.toString()).noneMatch(line -> line.length() > 76);
        assertThat("\n\n" + String.join("\n", page.text())).doesNotContainPattern("\n\n\\w+:");
        assertThat(page.shell()).noneMatch(line -> line.matches("\\w+:.*"));
        assertThat(page.manual()).matches("|(\\S+\\(\\d\\), )*\\S+\\(\\d\\)");
        assertThat(page.errnos()).extracting(Page.Entry::word).doesNotHaveDuplicates();
        assertThat(page.options()).flatExtracting(Page.Entry::spellings).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aPageIsATextAndSections() {
    Page page =
        Page.parse(
            """
            A text of
            two lines.

            And a paragraph.

            calls: one(2),
              two(2)
            options:
              -m MODE, --mode MODE  a mode
              --all  everything, even
                what nobody wants
            errnos: none
            C:
              if (one())
                two();
            example: one
            example:
              two
              three
            """);
    assertThat(page.text()).containsExactly("A text of", "two lines.", "", "And a paragraph.");
    assertThat(page.calls()).isEqualTo("one(2), two(2)");
    assertThat(page.options())
        .containsExactly(
            new Page.Entry("-m MODE, --mode MODE", "a mode"),
            new Page.Entry("--all", "everything, even what nobody wants"));
    assertThat(page.options().get(0).spellings()).containsExactly("-m", "--mode");
    assertThat(page.errnos()).isEmpty();
    assertThat(page.c()).containsExactly("if (one())", "  two();");
    assertThat(page.shell()).isEmpty();
    assertThat(page.manual()).isEmpty();
    assertThat(page.examples()).containsExactly("one", "two\nthree");
    assertThatThrownBy(() -> Page.parse("errnos:\n  EPERM not allowed"))
        .hasMessageContaining("EPERM not allowed");
  }

  @Test
  void errnosAreThoseOfTheKernel() {
    for (String command : Session.words()) {
      assertThat(page(command).errnos())
          .as(command)
          .allSatisfy(
              entry ->
                  assertThat(Errno.parse(entry.word()))
                      .hasToString("Optional[" + entry.word() + "]"));
    }
  }

  /** What the kernel is seen to refuse a step with, its page explains. */
  @ParameterizedTest(name = "{1} = {2}")
  @MethodSource("doqu.shell.Failures#rows")
  void theErrnosThatStepsMeetAreExplained(String before, String line, String callAndErrno) {
    String step = line.split(" ")[0];
    String errno = callAndErrno.split(" ")[1];
    boolean any = step.equals("syscall"); // its page cannot explain all there is
    assertThat(page(step).errnos())
        .extracting(Page.Entry::word)
        .matches(words -> any || words.contains(errno), errno);
  }

  // What the parsers take

  private static boolean takes(Steps.Row step, String option) {
    List<Word> line =
        switch (step.name()) {
          case "setns" -> words("/proc/self/ns/uts", option);
          case "kill" -> words(option.replace("SIGNAL", "KILL"), "1");
          default -> words(option);
        };
    try {
      step.parse(line);
      return true;
    } catch (Mistake mistake) {
      // Something else may be missing or too much.
      return !String.valueOf(mistake.getMessage()).startsWith("unknown ");
    }
  }

  @Test
  void theOptionsOfAPageAreTakenByTheParser() {
    for (Steps.Row step : Steps.rows().toList()) {
      assertThat(page(step.name()).options())
          .flatExtracting(Page.Entry::spellings)
          .allSatisfy(
              spelling ->
                  assertThat(takes(step, spelling)).as(step.name() + " " + spelling).isTrue());
    }
  }

  @Test
  void theOptionsOfTheUsageAreOnThePage() {
    for (Steps.Row step : Steps.rows().toList()) {
      Set<String> wanted = new HashSet<>(step.usage().spellings());
      if (step.usage().takesDashes()) {
        for (Namespace namespace : Namespace.values()) {
          wanted.add("-" + namespace.option());
          wanted.add("--" + namespace.longOption());
        }
      }
      assertThat(page(step.name()).options())
          .as(step.name())
          .flatExtracting(Page.Entry::spellings)
          .containsAll(wanted);
    }
  }

  /** Of looks and controls too; those whose options are words, as set, may have more. */
  @Test
  void theOptionsOfEveryUsageAreThoseOfThePage() {
    List<Usage> usages =
        Stream.of(
                Steps.rows().filter(row -> !row.usage().takesDashes()).map(Steps.Row::usage),
                Looks.rows().map(Looks.Row::usage),
                Stream.of(Control.values()).map(Control::usage))
            .flatMap(each -> each)
            .filter(usage -> !usage.name().equals("caps"))
            .toList();
    assertThat(usages).flatExtracting(Usage::spellings).contains("--force", "--last", "--bind");
    for (Usage usage : usages) {
      assertThat(page(usage.name()).options())
          .as(usage.name())
          .flatExtracting(Page.Entry::spellings)
          .filteredOn(spelling -> spelling.startsWith("-"))
          .containsExactlyInAnyOrderElementsOf(usage.spellings());
    }
  }

  // The examples

  private static Stream<Arguments> examples() {
    return Session.words().stream()
        .flatMap(
            command ->
                page(command).examples().stream().map(example -> Arguments.of(command, example)));
  }

  private static final Pattern CALL = Pattern.compile("(\\w+)\\(2\\)");

  @ParameterizedTest(name = "{0} | {1}")
  @MethodSource("examples")
  void anExampleWorks(String command, String example) throws Exception {
    try (Play play = new Play()) {
      play.does(example);
      if (!command.equals("syscall")) {
        assertThat(matches(CALL, page(command).calls())).containsAll(callsOf(command, play));
      }
    }
  }

  private static Set<String> callsOf(String command, Play play) {
    return play.steps.stream()
        .filter(record -> record.step().split(" ")[0].equals(command))
        .flatMap(record -> record.syscalls().stream())
        .filter(call -> !call.plumbing())
        .map(StepRecord.Syscall::name)
        .collect(toCollection(HashSet::new));
  }

  @Test
  void theCallsOfAPageAreMadeInItsExamples() throws Exception {
    for (Steps.Row step : Steps.rows().toList()) {
      Set<String> made = new HashSet<>();
      for (String example : page(step.name()).examples()) {
        try (Play play = new Play()) {
          made.addAll(callsOf(step.name(), play.does(example)));
        }
      }
      // Each architecture has its own calls for what the other has no call for.
      String[] ofArchitectures = page(step.name()).calls().split("on aarch64", 2);
      boolean own = Arch.current() == Arch.AARCH64 && ofArchitectures.length == 2;
      if (!step.name().matches("syscall|env")) {
        assertThat(made).isEqualTo(matches(CALL, ofArchitectures[own ? 1 : 0]));
      }
    }
  }

  @Test
  @Needs("gcc")
  void theLinesOfCCompile(@TempDir Path folder) throws Exception {
    StringBuilder code = new StringBuilder("#define _GNU_SOURCE\n");
    for (String header :
        List.of(
            "fcntl.h",
            "linux/capability.h",
            "sched.h",
            "signal.h",
            "sys/mount.h",
            "sys/stat.h",
            "sys/syscall.h",
            "sys/wait.h",
            "unistd.h")) {
      code.append("#include <").append(header).append(">\n");
    }
    for (String command : Session.words()) {
      code.append("void ").append(command).append("_line(void) {\n");
      page(command).c().forEach(line -> code.append(line).append('\n'));
      code.append("}\n");
    }
    Path file = Files.writeString(folder.resolve("lines.c"), code);
    Process gcc =
        new ProcessBuilder("gcc", "-fsyntax-only", "-Werror=implicit", file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(gcc.getInputStream().readAllBytes())).doesNotContain("error");
    assertThat(gcc.waitFor()).isZero();
  }
}
