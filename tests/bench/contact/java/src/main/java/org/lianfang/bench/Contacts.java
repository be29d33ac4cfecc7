package org.lianfang.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The contact stage as a processor: presences and exposures in stores ordered by place and time.
 *
 * <p>It is made for the job: a presence is a moment, and no exposure is longer than LONGEST, so neither range reaches further than it must.
 */
final class Contacts implements Processor<byte[], byte[], byte[], byte[]> {
    static final String PRESENCES = "presences";
    static final String EXPOSURES = "exposures";
    private static final long LONGEST = 2 * 3_600_000L;
    private static final int TOKEN = 16;

    private final String exposureTopic;
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> presences;
    private KeyValueStore<Bytes, byte[]> exposures;

    Contacts(String exposureTopic) {
        this.exposureTopic = exposureTopic;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        presences = context.getStateStore(PRESENCES);
        exposures = context.getStateStore(EXPOSURES);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (context.recordMetadata().orElseThrow().topic().equals(exposureTopic)) {
            expose(record, Fact.exposure(record.value()));
        } else {
            appear(record, Fact.presence(record.value()));
        }
    }

    /** A presence: kept, and compared with the exposures that may still last. */
    private void appear(Record<byte[], byte[]> record, Fact presence) {
        presences.put(row(record.key(), presence.at(), presence.id()), presence.alias());
        try (KeyValueIterator<Bytes, byte[]> found = exposures.range(edge(record.key(), presence.at() - LONGEST), edge(record.key(), presence.until() + 1))) {
            while (found.hasNext()) {
                KeyValue<Bytes, byte[]> next = found.next();
                ByteBuffer value = ByteBuffer.wrap(next.value);
                long until = value.getLong();
                byte[] alias = Arrays.copyOfRange(next.value, Long.BYTES, Long.BYTES + TOKEN);
                if (until >= presence.at() && !Arrays.equals(alias, presence.alias())) {
                    meet(record, id(next.key), presence.id(), presence.alias(), Math.max(time(next.key), presence.at()), Math.min(until, presence.until()));
                }
            }
        }
    }

    /** An exposure: kept, and compared with the presences in it. */
    private void expose(Record<byte[], byte[]> record, Fact exposure) {
        byte[] value = ByteBuffer.allocate(Long.BYTES + TOKEN).putLong(exposure.until()).put(exposure.alias()).array();
        exposures.put(row(record.key(), exposure.at(), exposure.id()), value);
        try (KeyValueIterator<Bytes, byte[]> found = presences.range(edge(record.key(), exposure.at()), edge(record.key(), exposure.until() + 1))) {
            while (found.hasNext()) {
                KeyValue<Bytes, byte[]> next = found.next();
                if (!Arrays.equals(next.value, exposure.alias())) {
                    meet(record, exposure.id(), id(next.key), next.value, time(next.key), time(next.key));
                }
            }
        }
    }

    private void meet(Record<byte[], byte[]> record, byte[] exposure, byte[] presence, byte[] alias, long at, long until) {
        HexFormat hex = HexFormat.of();
        String line = hex.formatHex(exposure) + ' ' + hex.formatHex(presence) + ' ' + at + ' ' + until;
        context.forward(new Record<>(hex.formatHex(alias).getBytes(StandardCharsets.ISO_8859_1), line.getBytes(StandardCharsets.ISO_8859_1), record.timestamp()));
    }

    /** Place, a zero byte, time, id: the order of the bytes is that of place and time. */
    private static Bytes row(byte[] place, long at, byte[] id) {
        return Bytes.wrap(ByteBuffer.allocate(place.length + 1 + Long.BYTES + id.length).put(place).put((byte) 0).putLong(at).put(id).array());
    }

    /** Before all rows of a place at a moment. */
    private static Bytes edge(byte[] place, long at) {
        return row(place, at, new byte[0]);
    }

    private static byte[] id(Bytes row) {
        byte[] key = row.get();
        return Arrays.copyOfRange(key, key.length - TOKEN, key.length);
    }

    private static long time(Bytes row) {
        byte[] key = row.get();
        return ByteBuffer.wrap(key, key.length - TOKEN - Long.BYTES, Long.BYTES).getLong();
    }
}
