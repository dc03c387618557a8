package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.lesson.Course;
import doqu.lesson.LessonStep;
import doqu.lesson.Source;
import doqu.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the course says does the same as its steps, in C and in sh. */
class CourseLinesTest {
  private static final List<String> HEADERS =
      List.of(
          "errno.h",
          "fcntl.h",
          "sched.h",
          "signal.h",
          "stdio.h",
          "sys/mount.h",
          "sys/resource.h",
          "sys/stat.h",
          "sys/syscall.h",
          "sys/wait.h",
          "unistd.h");

  /** What the reader has declared; of the child, which one line declares itself. */
  private static final String DECLARED =
      """
      extern char **environ;
      static char *argv[2], name[300];
      static int status;
      static pid_t child;
      static struct rlimit limit;
      """;

  private static Stream<LessonStep> steps() {
    Course course = Course.of(Source.shipped(), "en");
    return course.lessons().stream()
        .flatMap(name -> course.lesson(name).steps().stream())
        .filter(step -> step.goal().isPresent());
  }

  /** Where sh has no line, the page says why. */
  @Test
  void everyStepHasThemOrSaysWhyNot() {
    assertThat(steps())
        .hasSizeGreaterThan(100)
        .allSatisfy(
            step -> {
              assertThat(step.c()).as(step.id()).isNotEmpty();
              assertThat(step.manual()).as(step.id()).isNotEmpty();
              if (step.shell().isEmpty()) {
                assertThat(step.text().after())
                    .as(step.id())
                    .containsPattern("shell|unshare\\(1\\)|nsenter\\(1\\)|chroot\\(8\\)");
              }
            });
  }

  @Test
  @Needs("gcc")
  void theLinesOfCCompile(@TempDir Path folder) throws Exception {
    StringBuilder code = new StringBuilder("#define _GNU_SOURCE\n");
    HEADERS.forEach(header -> code.append("#include <").append(header).append(">\n"));
    code.append(DECLARED);
    steps()
        .forEach(
            step -> {
              String buffer =
                  step.c().contains("buffer.st_") ? "struct stat buffer" : "char buffer[99]";
              code.append("void ").append(step.id().replace('-', '_')).append("(void) {\n");
              code.append(buffer).append(";\n").append(step.c()).append("\n;}\n");
            });
    Path file = Files.writeString(folder.resolve("lines.c"), code);
    assertThat(output("gcc", "-fsyntax-only", "-Werror=implicit", file.toString()))
        .doesNotContain("error");
  }

  @Test
  void theLinesOfShAreSome() throws Exception {
    for (LessonStep step : steps().toList()) {
      assertThat(output("sh", "-n", "-c", step.shell())).as(step.id()).isEmpty();
    }
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
