import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.results.TestAssertion.Status;

/** Judges each file by the flavour of PDF/A that it claims; ends with 1 where one fails or claims another. */
public class Verify {
    private static final String FLAVOUR = "3a";

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean passed = true;
        for (String file : files) {
            passed &= judge(file);
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean judge(String file) throws Exception {
        var foundry = Foundries.defaultInstance();
        try (var stream = new FileInputStream(file); var parser = foundry.createParser(stream)) {
            var flavour = parser.getFlavour();
            try (var validator = foundry.createValidator(flavour, false)) {
                var result = validator.validate(parser);
                boolean good = result.isCompliant() && flavour.getId().equals(FLAVOUR);
                System.out.println((good ? "PASS " : "FAIL ") + flavour.getId() + " " + file);
                result.getTestAssertions().stream()
                    .filter(one -> one.getStatus() == Status.FAILED)
                    .map(one -> "  " + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber()
                        + " " + one.getMessage())
                    .distinct().limit(20).forEach(System.out::println);
                return good;
            }
        }
    }
}
