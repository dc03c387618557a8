package doqu.lesson;

import doqu.step.Mistake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A value in a YAML file, which knows where it stands: a text, a list or a mapping. */
final class Value {
  private final String file;
  private final Node node;

  private Value(String file, Node node) {
    this.file = file;
    this.node = node;
  }

  /**
   * What a file holds.
   *
   * @throws Fault when it is no YAML, or empty
   */
  static Value of(String file, String text) {
    LoadSettings settings = LoadSettings.builder().setLabel(file).build();
    try {
      return new Compose(settings)
          .composeString(text)
          .map(node -> new Value(file, node))
          .orElseThrow(() -> Fault.at(file, 1, "there is nothing in it"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw Fault.at(file, line, "this is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw Fault.at(file, 1, "this is no YAML: " + e.getMessage());
    }
  }

  /** The file and the line it stands in. */
  String where() {
    return file + ":" + (node.getStartMark().map(Mark::getLine).orElse(0) + 1);
  }

  /** What is wrong with it. */
  Fault fault(String what) {
    return new Fault(where() + ": " + what);
  }

  /** That what it says is none of those there are, with the nearest. */
  Fault unknown(String kind, Set<String> known) {
    return fault(String.valueOf(Mistake.unknown(kind, text(), known).getMessage()));
  }

  /** As text: of a number that as it is written. */
  String text() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw fault("a text has to stand here");
  }

  /** What a file or a line of progress may be called by, on every machine. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

  /** Whether that can be the name of a course, a lesson, a language or a step. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** As such a name. */
  String name() {
    if (!isName(text())) {
      throw fault(
          "'" + text() + "' is no name: small letters, digits and dashes, and no dash first");
    }
    return text();
  }

  /** As a whole number. */
  int number() {
    try {
      return Integer.parseInt(text());
    } catch (NumberFormatException e) {
      throw fault("'" + text() + "' is not a whole number");
    }
  }

  /**
   * As yes or no, in the words of YAML 1.2's core schema: what else one may take for it is none.
   */
  boolean truth() {
    String says = text();
    if (node instanceof ScalarNode scalar && scalar.isPlain()) {
      if (says.matches("true|True|TRUE")) {
        return true;
      }
      if (says.matches("false|False|FALSE")) {
        return false;
      }
    }
    throw fault("'" + says + "' is neither true nor false");
  }

  /** Whether it is written as a list. */
  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** As a list; one text is a list of it. */
  List<Value> list() {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(one -> new Value(file, one)).toList();
    }
    if (node instanceof ScalarNode) {
      return List.of(this);
    }
    throw fault("a list has to stand here");
  }

  /** As a list of texts. */
  List<String> texts() {
    return list().stream().map(Value::text).toList();
  }

  /** As a mapping, in the order of the file. */
  Map<String, Value> fields() {
    if (!(node instanceof MappingNode mapping)) {
      throw fault("fields have to stand here, as 'id: name'");
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Value key = new Value(file, tuple.getKeyNode());
      if (fields.put(key.text(), new Value(file, tuple.getValueNode())) != null) {
        throw key.fault("'" + key.text() + "' is there twice");
      }
    }
    return fields;
  }

  /** The same, where no others are known. */
  Fields fields(Set<String> known) {
    Map<String, Value> fields = fields();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        Value key = new Value(file, tuple.getKeyNode());
        if (!known.contains(key.text())) {
          throw key.unknown("field", known);
        }
      }
    }
    return new Fields(this, fields);
  }

  /** The fields of a mapping. */
  record Fields(Value of, Map<String, Value> all) {
    Optional<Value> get(String name) {
      return Optional.ofNullable(all.get(name));
    }

    Value need(String name) {
      return get(name).orElseThrow(() -> of.fault("'" + name + "' is missing"));
    }

    /** A text; empty: it is not there. */
    String text(String name) {
      return get(name).map(Value::text).map(String::strip).orElse("");
    }

    List<String> texts(String name) {
      return get(name).map(Value::texts).orElse(List.of());
    }

    /** The values of a list; none: it is not there. */
    List<Value> list(String name) {
      return new ArrayList<>(get(name).map(Value::list).orElse(List.of()));
    }
  }
}
