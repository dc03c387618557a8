package doqu.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jline.jansi.Ansi;

/**
 * Markdown (CommonMark) as lines of a terminal: paragraphs and lists wrapped, code as it is, what
 * is stressed in bold, code in colour.
 */
final class Markdown extends AbstractVisitor {
  /** How many lists and quotes may stand in one another; what is deeper is text. */
  private static final int DEEPEST = 20;

  private final int width;
  private final boolean colour;
  private final List<String> lines = new ArrayList<>();

  /** The paragraph that is being told: its words, each already in its style. */
  private final List<String> words = new ArrayList<>();

  /** Whether the next piece of text goes on with the last word. */
  private boolean joins;

  private String indent = "";
  private String bullet = "";
  private UnaryOperator<String> style = text -> text;

  private Markdown(int width, boolean colour) {
    this.width = width;
    this.colour = colour;
  }

  /**
   * The lines.
   *
   * @param width the most letters of one
   * @param colour whether to use more than letters
   */
  static List<String> lines(String text, int width, boolean colour) {
    Markdown markdown = new Markdown(width, colour);
    Parser.builder().maxOpenBlockParsers(DEEPEST).build().parse(text).accept(markdown);
    while (!markdown.lines.isEmpty() && markdown.lines.get(markdown.lines.size() - 1).isEmpty()) {
      markdown.lines.remove(markdown.lines.size() - 1);
    }
    return markdown.lines;
  }

  @Override
  public void visit(Heading heading) {
    styled(text -> painted(Ansi.ansi().bold(), text), heading);
    flush();
    lines.add("");
  }

  @Override
  public void visit(Paragraph paragraph) {
    visitChildren(paragraph);
    flush();
    boolean tight = paragraph.getParent() instanceof ListItem;
    if (!tight) {
      lines.add("");
    }
  }

  @Override
  public void visit(BulletList list) {
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      item(item, "- ");
    }
    endOfList(list);
  }

  @Override
  public void visit(OrderedList list) {
    int number = list.getMarkerStartNumber() == null ? 1 : list.getMarkerStartNumber();
    for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
      item(item, number++ + ". ");
    }
    endOfList(list);
  }

  private void item(Node item, String mark) {
    String outside = indent;
    bullet = outside + mark;
    indent = outside + " ".repeat(mark.length());
    visitChildren(item);
    indent = outside;
    bullet = "";
  }

  private void endOfList(Node list) {
    if (!(list.getParent() instanceof ListItem)) {
      lines.add("");
    }
  }

  @Override
  public void visit(FencedCodeBlock block) {
    block(block.getLiteral());
  }

  @Override
  public void visit(IndentedCodeBlock block) {
    block(block.getLiteral());
  }

  private void block(String literal) {
    literal.lines().forEach(line -> lines.add(indent + "    " + code(safe(line), safe(line))));
    lines.add("");
  }

  private String code(String text, String otherwise) {
    return colour ? painted(Ansi.ansi().fg(Ansi.Color.CYAN), text) : otherwise;
  }

  @Override
  public void visit(Code code) {
    // In one word: a command that is wrapped is hard to read. Without colour its quotes stay.
    String literal = safe(code.getLiteral());
    add(code(literal, "`" + literal + "`"));
    joins = true;
  }

  @Override
  public void visit(Emphasis emphasis) {
    styled(text -> painted(Ansi.ansi().a(Ansi.Attribute.ITALIC), text), emphasis);
  }

  @Override
  public void visit(StrongEmphasis strong) {
    styled(text -> painted(Ansi.ansi().bold(), text), strong);
  }

  private void styled(UnaryOperator<String> inner, Node node) {
    UnaryOperator<String> outer = style;
    style = inner;
    visitChildren(node);
    style = outer;
  }

  @Override
  public void visit(Text text) {
    String literal = safe(text.getLiteral());
    String[] parts = literal.split(" ", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        joins = false;
      }
      if (!parts[i].isEmpty()) {
        add(style.apply(parts[i]));
        joins = true;
      }
    }
  }

  private void add(String word) {
    if (joins && !words.isEmpty()) {
      words.set(words.size() - 1, words.get(words.size() - 1) + word);
    } else {
      words.add(word);
    }
  }

  @Override
  public void visit(SoftLineBreak lineBreak) {
    joins = false;
  }

  @Override
  public void visit(HardLineBreak lineBreak) {
    flush();
  }

  /** Tells the words so far in lines. */
  private void flush() {
    StringBuilder line = new StringBuilder(bullet.isEmpty() ? indent : bullet);
    bullet = "";
    int used = line.length();
    boolean begun = false;
    for (String word : words) {
      int its = columns(word);
      if (begun && used + 1 + its > width) {
        lines.add(line.toString());
        line.setLength(0);
        line.append(indent);
        used = indent.length();
        begun = false;
      }
      line.append(begun ? " " : "").append(word);
      used += its + (begun ? 1 : 0);
      begun = true;
    }
    if (begun) {
      lines.add(line.toString());
    }
    words.clear();
    joins = false;
  }

  /** How many columns a word takes, its styles left out. */
  private static int columns(String word) {
    return Wrapped.width(word.replaceAll("\033\\[[0-9;]*m", ""));
  }

  private static String safe(String text) {
    return Printable.line(text);
  }

  private String painted(Ansi paint, String text) {
    return colour ? paint.a(text).reset().toString() : text;
  }
}
