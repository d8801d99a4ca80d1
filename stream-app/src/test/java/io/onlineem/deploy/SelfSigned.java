package io.onlineem.deploy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A keystore and a token as {@code deploy/tls/self-signed.sh} makes them, for a server on this machine. */
public final class SelfSigned {

    private static final Path SCRIPT = Deployed.FOLDER.resolve("tls").resolve("self-signed.sh");

    private final Path folder;

    private SelfSigned(Path folder) {
        this.folder = folder;
    }

    /** Makes them in a folder, which need not be there. */
    public static SelfSigned in(Path folder) {
        Deployed.run(List.of("sh", SCRIPT.toString(), folder.toString(), "localhost", "127.0.0.1"), Path.of("."));
        return new SelfSigned(folder);
    }

    /** Where they are. */
    public Path folder() {
        return folder;
    }

    /** The server's key and certificate. */
    public Path keystore() {
        return folder.resolve("keystore.p12");
    }

    /** The password of the keystore. */
    public String password() {
        return Deployed.read(folder.resolve("keystore-password"));
    }

    /** What clients show. */
    public String token() {
        return Deployed.read(folder.resolve("token"));
    }

    /** For clients, which trust this server and no other. */
    public SSLContext trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("certificate.pem"))) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
