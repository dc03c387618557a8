package doqu.shell;

import doqu.kernel.TextFile;
import doqu.kernel.Xdg;
import doqu.step.Mistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is adjustable, and how it is adjusted: kept in a file of lines {@code name = value}. */
final class Settings {
  private final Map<Setting, String> set = new EnumMap<>(Setting.class);
  private final @Nullable Path file;

  private Settings(@Nullable Path file) {
    this.file = file;
  }

  /** Nothing is adjusted, and what will be is forgotten: a script does the same for everyone. */
  static Settings untouched() {
    return new Settings(null);
  }

  /** Those of a file; what it has that there is no more, or never was, is passed over. */
  static Settings of(Path file) {
    Settings settings = new Settings(file);
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        String[] nameAndValue = line.split("=", 2);
        Optional<Setting> setting = named(nameAndValue[0].strip());
        if (setting.isPresent() && nameAndValue.length == 2) {
          String value = nameAndValue[1].strip();
          setting
              .filter(one -> one.choices().contains(value))
              .ifPresent(one -> settings.set.put(one, value));
        }
      }
    } catch (IOException e) {
      // As it is before anything is adjusted.
    }
    return settings;
  }

  /** Whether what is adjusted is kept for the sessions to come. */
  boolean areKept() {
    return file != null;
  }

  private static Optional<Setting> named(String name) {
    return Arrays.stream(Setting.values()).filter(one -> one.word().equals(name)).findFirst();
  }

  String get(Setting setting) {
    return set.getOrDefault(setting, setting.choices().get(0));
  }

  /** Whether it is set to that. */
  boolean is(Setting setting, String value) {
    return get(setting).equals(value);
  }

  /** Whether to use colours, where by itself one would or would not. */
  boolean colour(boolean otherwise) {
    return is(Setting.COLOUR, "on") || (otherwise && !is(Setting.COLOUR, "off"));
  }

  /** The setting of a word. */
  private static Setting parse(String name) {
    return named(name)
        .orElseThrow(
            () ->
                Mistake.unknown(
                    "setting", name, Arrays.stream(Setting.values()).map(Setting::word).toList()));
  }

  /**
   * Adjusts one, and keeps it.
   *
   * @throws Mistake for a value it cannot have, or a file that cannot be written
   */
  private void set(Setting setting, String value) {
    if (!setting.choices().contains(value)) {
      throw Mistake.noneOf(
          "'"
              + value
              + "' is no value of "
              + setting.word()
              + ": "
              + String.join(", ", setting.choices()),
          value,
          setting.choices());
    }
    set.put(setting, value);
    if (file != null) {
      keep(file);
    }
  }

  private void keep(Path target) {
    List<String> lines =
        set.entrySet().stream()
            .map(entry -> entry.getKey().word() + " = " + entry.getValue())
            .toList();
    try {
      Xdg.create(Objects.requireNonNull(target.getParent()));
      TextFile.replace(target, lines); // another doqu may read it now
    } catch (IOException e) {
      throw new Mistake("it is set, but not kept: " + target + " cannot be written");
    }
  }

  /** What the setting that was named last may be set to. */
  static List<String> choices(List<String> words) {
    return named(words.get(words.size() - 1)).map(Setting::choices).orElse(List.of());
  }

  /**
   * {@code set [SETTING] [VALUE]}: adjusts one when it is told how.
   *
   * @return a line for each, or for the one
   */
  List<String> carryOut(List<String> words) {
    if (words.isEmpty()) {
      return Arrays.stream(Setting.values()).map(this::line).toList();
    }
    Setting setting = parse(words.get(0));
    if (words.size() == 2) {
      set(setting, words.get(1));
    }
    return List.of(line(setting));
  }

  private String line(Setting setting) {
    return "%-9s %-7s %s: %s"
        .formatted(
            setting.word(), get(setting), setting.says(), String.join(", ", setting.choices()));
  }
}
