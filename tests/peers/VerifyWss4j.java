// Verifies signed envelopes with WSS4J, WS-I BSP compliance on: VerifyWss4j TRUST_ANCHORS.pem FILE...

import java.io.File;
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSDataRef;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.components.crypto.Merlin;
import org.apache.ws.security.handler.RequestData;
import org.apache.ws.security.util.WSSecurityUtil;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

public class VerifyWss4j {
    public static void main(String[] arguments) throws Exception {
        Merlin crypto = new Merlin();
        crypto.setTrustStore(trustStore(arguments[0]));
        int passed = 0;
        int failed = 0;
        for (int i = 1; i < arguments.length; i++) {
            try {
                verify(arguments[i], crypto);
                passed++;
            } catch (Exception error) {
                failed++;
                System.out.println(arguments[i] + ": " + error.getMessage());
            }
        }
        System.out.println("wss4j: " + passed + " passed, " + failed + " failed");
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }

    static KeyStore trustStore(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream in = new FileInputStream(file)) {
            for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("anchor-" + store.size(), c);
            }
        }
        return store;
    }

    static void verify(String file, Merlin crypto) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new File(file));
        WSSConfig config = WSSConfig.getNewInstance();
        if (!config.isWsiBSPCompliant()) {
            throw new Exception("BSP compliance is off");
        }
        RequestData data = new RequestData();
        data.setWssConfig(config);
        data.setSigCrypto(crypto);
        data.setSubjectCertConstraints(List.of(Pattern.compile(".*O=ungebro test.*")));
        WSSecurityEngine engine = new WSSecurityEngine();
        engine.setWssConfig(config);
        Element header = WSSecurityUtil.getSecurityHeader(document, "");
        List<WSSecurityEngineResult> results = engine.processSecurityHeader(header, data);
        Set<String> signed = new HashSet<>();
        for (WSSecurityEngineResult result : results) {
            int action = (Integer) result.get(WSSecurityEngineResult.TAG_ACTION);
            if (action == WSConstants.SIGN) {
                for (Object part : (List<?>) result.get(WSSecurityEngineResult.TAG_DATA_REF_URIS)) {
                    signed.add(((WSDataRef) part).getName().getLocalPart());
                }
            }
        }
        if (!signed.equals(Set.of("Body", "Timestamp"))) {
            throw new Exception("signed parts: " + signed);
        }
    }
}
