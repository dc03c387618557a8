package doqu.rootfs.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** What an archive is packed in, known by its first bytes and not by its name. */
enum Compression {
  GZIP(0x1f, 0x8b) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
  },
  XZ(0xfd, '7', 'z', 'X', 'Z', 0) {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new XZInputStream(in, MOST_MEMORY_KIB);
    }
  },
  BZIP2('B', 'Z', 'h') {
    @Override
    InputStream open(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(in, true);
    }
  },
  ZSTD(0x28, 0xb5, 0x2f, 0xfd) {
    @Override
    InputStream open(InputStream in) throws IOException {
      try {
        return new ZstdInputStreamNoFinalizer(in).setLongMax(MOST_WINDOW_LOG);
      } catch (LinkageError e) {
        throw new ArchiveException("packed by zstd, whose library cannot be loaded here: " + e, e);
      }
    }
  },
  NONE {
    @Override
    InputStream open(InputStream in) {
      return in;
    }
  };

  /** As much as {@code xz -9} asks of who unpacks it. */
  private static final int MOST_MEMORY_KIB = 66 * 1024;

  /** 32 MiB; {@code zstd -19} asks for 8 of who unpacks it. */
  private static final int MOST_WINDOW_LOG = 25;

  private static final int BUFFER = 64 * 1024;

  private final byte[] magic;

  Compression(int... magic) {
    this.magic = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      this.magic[i] = (byte) magic[i];
    }
  }

  abstract InputStream open(InputStream in) throws IOException;

  /**
   * What is packed in a stream, whatever it is packed in.
   *
   * @throws ArchiveException when it begins as something packed and is not
   */
  static InputStream unpacked(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
    buffered.mark(BUFFER);
    byte[] start = buffered.readNBytes(6);
    buffered.reset();
    for (Compression compression : values()) {
      byte[] magic = compression.magic;
      if (start.length >= magic.length
          && Arrays.equals(Arrays.copyOf(start, magic.length), magic)) {
        return new Guarded(compression.open(buffered));
      }
    }
    return buffered;
  }

  /** A library that meets what it does not expect may throw anything. */
  private static final class Guarded extends Tapped {
    Guarded(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (RuntimeException e) {
        throw new ArchiveException("what it is packed in is damaged: " + e, e);
      }
    }
  }
}
