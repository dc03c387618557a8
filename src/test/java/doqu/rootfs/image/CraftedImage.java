package doqu.rootfs.image;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.rootfs.archive.CraftedTar;
import doqu.rootfs.archive.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** An image made file by file, so that it can say what is not true. */
final class CraftedImage {
  final Map<String, byte[]> files = new LinkedHashMap<>();
  final List<String> diffIds = new ArrayList<>();
  final List<String> digests = new ArrayList<>();
  private String architecture = "amd64";

  static String digest(byte[] bytes) {
    return "sha256:" + HexFormat.of().formatHex(Digest.sha256().digest(bytes));
  }

  String blob(byte[] bytes) {
    String digest = digest(bytes);
    files.put("blobs/" + digest.replace(':', '/'), bytes);
    return digest;
  }

  CraftedImage architecture(String name) {
    architecture = name;
    return this;
  }

  CraftedImage layer(CraftedTar tar) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(tar.bytes());
    }
    diffIds.add(digest(tar.bytes()));
    digests.add(blob(packed.toByteArray()));
    return this;
  }

  private byte[] config() throws IOException {
    return json(Map.of("rootfs", Map.of("type", "layers", "diff_ids", diffIds)));
  }

  /** As the OCI image layout has it, with an index in the index as buildkit makes it. */
  CraftedImage oci() throws IOException {
    String config = blob(config());
    List<Object> layers = new ArrayList<>();
    digests.forEach(digest -> layers.add(Map.of("digest", digest)));
    String manifest = blob(json(Map.of("config", Map.of("digest", config), "layers", layers)));
    Object attestation =
        Map.of("digest", manifest, "platform", Map.of("os", "unknown", "architecture", "unknown"));
    Object own =
        Map.of("digest", manifest, "platform", Map.of("os", "linux", "architecture", architecture));
    String inner = blob(json(Map.of("manifests", List.of(attestation, own))));
    files.put("oci-layout", json(Map.of("imageLayoutVersion", "1.0.0")));
    files.put("index.json", json(Map.of("manifests", List.of(Map.of("digest", inner)))));
    return this;
  }

  /** As docker save wrote it before it wrote OCI layouts. */
  CraftedImage saved() throws IOException {
    files.put("config.json", config());
    List<String> layers = new ArrayList<>();
    digests.forEach(digest -> layers.add("blobs/" + digest.replace(':', '/')));
    files.put("manifest.json", json(List.of(Map.of("Config", "config.json", "Layers", layers))));
    return this;
  }

  private static byte[] json(Object value) throws IOException {
    return JSON.std.asString(value).getBytes(StandardCharsets.UTF_8);
  }

  byte[] tar() {
    CraftedTar tar = new CraftedTar();
    files.forEach((name, bytes) -> tar.entry('0', name, "", bytes, 0644));
    return tar.bytes();
  }
}
