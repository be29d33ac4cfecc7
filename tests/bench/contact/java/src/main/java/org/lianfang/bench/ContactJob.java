package org.lianfang.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.common.utils.Bytes;

/**
 * The contact job on Kafka Streams. Arguments: brokers, application id, topic of presences, of exposures, of pairs, folder of the state, guarantee.
 *
 * <p>Presences are in RocksDB. Exposures are few and every presence looks at them, so they are in memory; both have changelogs.
 */
public final class ContactJob {
    private ContactJob() {}

    /** Runs until the process is told to end. */
    public static void main(String[] words) throws InterruptedException {
        KafkaStreams streams = new KafkaStreams(topology(words[2], words[3], words[4]), settings(words[0], words[1], words[5], words[6]));
        CountDownLatch ended = new CountDownLatch(1);
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            ended.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(30))));
        streams.start();
        ended.await();
        System.exit(1);
    }

    private static Topology topology(String presence, String exposure, String output) {
        Topology topology = new Topology();
        topology.addSource("presence", new ByteArrayDeserializer(), new ByteArrayDeserializer(), presence);
        topology.addSource("exposure", new ByteArrayDeserializer(), new ByteArrayDeserializer(), exposure);
        topology.addProcessor("contacts", () -> new Contacts(exposure), "presence", "exposure");
        topology.addStateStore(store(Stores.persistentKeyValueStore(Contacts.PRESENCES)), "contacts");
        topology.addStateStore(store(Stores.inMemoryKeyValueStore(Contacts.EXPOSURES)), "contacts");
        topology.addSink("pairs", output, new ByteArraySerializer(), new ByteArraySerializer(), "contacts");
        return topology;
    }

    /** No cache: no row is written twice, so a cache would only copy. */
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray()).withCachingDisabled().withLoggingEnabled(Map.of());
    }

    private static Properties settings(String brokers, String application, String folder, String guarantee) {
        boolean exactlyOnce = guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2);
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, exactlyOnce ? 100 : 1000); // the default with exactly once is 100
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1); // the order between the two inputs does not matter
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 5000);
        settings.put(StreamsConfig.producerPrefix("batch.size"), 256 * 1024);
        return settings;
    }
}
