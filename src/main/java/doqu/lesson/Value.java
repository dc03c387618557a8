package doqu.lesson;

import doqu.step.Mistake;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    } catch (StackOverflowError e) {
      throw Fault.at(file, 1, "there are too many lists or fields one in another");
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

  /** As text with something in it. */
  String words() {
    if (text().isBlank()) {
      throw fault("there is nothing in it");
    }
    return text();
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

  /** As a mapping, in the order of the file. */
  Map<String, Value> fields() {
    Faults faults = new Faults();
    Map<String, Value> fields = fields(faults);
    faults.tell();
    return fields;
  }

  private Map<String, Value> fields(Faults faults) {
    if (!(node instanceof MappingNode mapping)) {
      throw fault("fields have to stand here, as 'id: name'");
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Value key = new Value(file, tuple.getKeyNode());
      Optional<String> name = faults.of(key::text);
      if (name.isPresent()
          && fields.putIfAbsent(name.get(), new Value(file, tuple.getValueNode())) != null) {
        faults.add(key.fault("'" + name.get() + "' is there twice"));
      }
    }
    return fields;
  }

  /** The text of one field, whatever the others are; empty: it has none. */
  String textOf(String name) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key
            && key.getValue().equals(name)
            && tuple.getValueNode() instanceof ScalarNode value) {
          return value.getValue();
        }
      }
    }
    return "";
  }

  /** As a mapping in which no other fields are known. */
  Fields fields(Set<String> known) {
    Faults faults = new Faults();
    Map<String, Value> fields = fields(faults);
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      Value key = new Value(file, tuple.getKeyNode());
      if (tuple.getKeyNode() instanceof ScalarNode && !known.contains(key.text())) {
        faults.add(key.unknown("field", known));
      }
    }
    return new Fields(this, fields, faults);
  }

  /**
   * The fields of a mapping.
   *
   * <p>What is wrong with one is kept in {@code faults}, and something neutral stands in its place
   * until they are told.
   */
  record Fields(Value of, Map<String, Value> all, Faults faults) {
    /** What a field is made to; empty: it is not there, or at fault. */
    <T> Optional<T> get(String name, Function<Value, T> as) {
      return Optional.ofNullable(all.get(name)).flatMap(value -> faults.of(() -> as.apply(value)));
    }

    /** The same of one that has to be there. */
    <T> Optional<T> need(String name, Function<Value, T> as) {
      if (!all.containsKey(name)) {
        faults.add(of.fault("'" + name + "' is missing"));
      }
      return get(name, as);
    }

    boolean has(String name) {
      return all.containsKey(name);
    }

    /** Whether it is not there, or an empty list. */
    boolean isEmpty(String name) {
      Value value = all.get(name);
      return value == null
          || (value.node instanceof SequenceNode list && list.getValue().isEmpty());
    }

    /** Something is wrong with them. */
    void add(Fault fault) {
      faults.add(fault);
    }

    /** A text; empty: it is not there. */
    String text(String name) {
      return get(name, Value::text).map(String::strip).orElse("");
    }

    /** A list of texts; none: it is not there. */
    List<String> texts(String name) {
      return list(name, Value::words);
    }

    /** What each value of a list is made to; none: it is not there. */
    <T> List<T> list(String name, Function<Value, T> as) {
      return get(name, Value::list).orElse(List.of()).stream()
          .flatMap(value -> faults.of(() -> as.apply(value)).stream())
          .toList();
    }

    /** Says what is wrong with them. */
    void tell() {
      faults.tell();
    }
  }
}
