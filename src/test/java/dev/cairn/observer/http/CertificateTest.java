package dev.cairn.observer.http;

import static dev.cairn.observer.http.Questions.QUESTION;
import static dev.cairn.observer.http.Questions.await;
import static dev.cairn.observer.http.Questions.fault;
import static dev.cairn.observer.http.Questions.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.fake.Dialect;
import dev.cairn.observer.spi.Fault;
import dev.cairn.observer.spi.ModelException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CertificateTest {
    @Test
    void aServerWhoseCertificateNobodyVouchesForIsToldNothing() {
        Vertx vertx = Vertx.vertx();
        SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
        try {
            AtomicInteger asked = new AtomicInteger();
            HttpServer server = await(vertx.createHttpServer(
                            new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions()))
                    .requestHandler(request -> asked.incrementAndGet())
                    .listen(0, "127.0.0.1"));
            String url = "https://localhost:" + server.actualPort();

            ModelException fault = fault(
                    open(vertx, Dialect.ANTHROPIC, Dialect.ANTHROPIC.settings(url, "some-key", "m"), Map.of()),
                    QUESTION);

            assertThat(fault.fault()).isEqualTo(Fault.SETUP);
            assertThat(fault).hasMessageContaining("not trusted").hasMessageContaining("trust store");
            assertThat(asked).hasValue(0);
        } finally {
            certificate.delete();
            await(vertx.close());
        }
    }
}
