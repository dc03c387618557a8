package doqu.docs;

import static java.util.stream.Collectors.joining;

import doqu.testing.Cell;
import doqu.testing.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws what doqu shows: how the container of the README begins, a call that fails and why, a look,
 * and a word that would be a mistake. {@code docs/picture} makes {@code docs/session.svg} of it.
 */
final class SessionPicture {
  private static final int COLUMNS = 80;
  private static final int ROWS = 41;

  /** A monospaced letter is three fifths as wide as it is high. */
  private static final double LETTER = 8.4;

  private static final int SIZE = 14;
  private static final int LINE = 18;
  private static final int EDGE = 14;

  private static final Pattern TYPED = Pattern.compile(" {4}doqu\\S*> (.*)");
  private static final String PROMPT = "doqu(\\[\\d+ \\w+])?>";

  private SessionPicture() {}

  /** Draws the doqu that some words start, to standard output. */
  public static void main(String[] command) throws Exception {
    System.out.print(draw(List.of(command)));
  }

  static String draw(List<String> command) throws Exception {
    Path fresh = Files.createTempDirectory("doqu-picture");
    Map<String, String> settings =
        Map.of("XDG_CONFIG_HOME", fresh.toString(), "XDG_STATE_HOME", fresh.toString());
    try (Typed typed = new Typed(COLUMNS, ROWS, settings, command)) {
      typed.awaitCursorLine(PROMPT);
      for (String line : lines()) {
        typed.line(line);
        typed.awaitCursorLine(PROMPT);
      }
      typed.keys("unshare nett");
      return svg(typed.cells());
    } finally {
      Files.deleteIfExists(fresh.resolve("doqu/history"));
      Files.deleteIfExists(fresh.resolve("doqu"));
      Files.delete(fresh);
    }
  }

  /** The lines of the README up to where the container's first process acts, and then some. */
  private static List<String> lines() throws Exception {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      Matcher typed = TYPED.matcher(line);
      if (typed.matches()) {
        lines.add(typed.group(1));
      }
      if (line.endsWith("> switch child")) {
        break;
      }
    }
    lines.addAll(List.of("hostname", "pivot_root $ROOTFS/etc $ROOTFS/etc", "ps"));
    return lines;
  }

  private static String svg(List<List<Cell>> screen) {
    StringBuilder svg = new StringBuilder();
    int width = (int) (COLUMNS * LETTER) + 2 * EDGE;
    int height = ROWS * LINE + 2 * EDGE;
    // It brings its own ground, so that it is legible on a light page and on a dark one.
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d">
        <title>A session with doqu</title>
        <style>
        text { font: %3$dpx ui-monospace, Menlo, "DejaVu Sans Mono", "Liberation Mono", Consolas, monospace;
          white-space: pre; fill: #d7dce2 }
        .bold { font-weight: bold; fill: #ffffff }
        .red { fill: #ff7b72 }
        .cyan { fill: #6cd0dc }
        .yellow { fill: #e3b341 }
        .foot { fill: #9aa4af }
        </style>
        <rect x=".5" y=".5" width="%4$d" height="%5$d" rx="8" fill="#1b1f24" stroke="#7d8590"/>
        """
            .formatted(width, height, SIZE, width - 1, height - 1));
    for (int row = 0; row < screen.size(); row++) {
      // The emulator does not know faint letters, as those of the line at the foot are.
      String otherwise = row == ROWS - 1 ? "foot" : "";
      line(screen.get(row), otherwise, EDGE + LINE * row + SIZE, svg);
    }
    return svg.append("</svg>\n").toString();
  }

  /** Writes the letters of a line, those that look the same together. */
  private static void line(List<Cell> line, String otherwise, int y, StringBuilder svg) {
    for (int i = 0; i < line.size(); ) {
      int end = i;
      String look = look(line.get(i), otherwise);
      while (end < line.size() && look(line.get(end), otherwise).equals(look)) {
        end++;
      }
      String text = line.subList(i, end).stream().map(Cell::text).collect(joining());
      if (!text.isBlank()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<text%s x=\"%.1f\" y=\"%d\">%s</text>\n",
                look.isEmpty() ? "" : " class=\"" + look + "\"",
                EDGE + i * LETTER,
                y,
                escaped(text.stripTrailing())));
      }
      i = end;
    }
  }

  private static String look(Cell cell, String otherwise) {
    return cell.isRed()
        ? "red"
        : cell.isCyan() ? "cyan" : cell.isYellow() ? "yellow" : cell.isBold() ? "bold" : otherwise;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
