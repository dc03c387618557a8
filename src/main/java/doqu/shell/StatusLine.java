package doqu.shell;

import java.util.List;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Status;
import org.jspecify.annotations.Nullable;

/** The line at the foot of the terminal that says where the actor in focus stands. */
final class StatusLine {
  /** A window lower than that has better use for its lines. */
  private static final int LOWEST = 8;

  private static final String WIDGET = "doqu-status";

  private final Terminal terminal;
  private final Session session;
  private final Settings settings;
  private final boolean colour;
  private @Nullable Status status;

  StatusLine(Terminal terminal, Session session, Settings settings, boolean colour) {
    this.terminal = terminal;
    this.session = session;
    this.settings = settings;
    this.colour = colour;
  }

  /** Lets {@link #refresh} find it. */
  void bind(LineReader reader) {
    reader
        .getWidgets()
        .put(
            WIDGET,
            () -> {
              show();
              return true;
            });
  }

  /** Shows what holds now if a line is being typed; as a widget it does not cross the keys. */
  static void refresh(LineReader reader) {
    try {
      reader.callWidget(WIDGET);
    } catch (IllegalStateException e) {
      // No line is: it is shown before the next one.
    }
  }

  /** Shows what holds now, where it is wanted and there is room. */
  void show() {
    if (!settings.is(Setting.STATUS, "on") || terminal.getHeight() < LOWEST) {
      hide();
      return;
    }
    status = Status.getStatus(terminal);
    if (status != null) {
      AttributedStyle style =
          settings.colour(colour) ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
      status.update(List.of(new AttributedString(Printable.line(session.standing()), style)));
    }
  }

  /** Gives the whole terminal back. */
  void hide() {
    if (status != null) {
      status.update(List.of());
    }
  }
}
