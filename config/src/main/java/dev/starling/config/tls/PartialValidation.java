package dev.starling.config.tls;

import java.util.List;
import java.util.Optional;

/** Rules for peers, of which a part may stand elsewhere: by itself it need not make sense. Equal if it says the same. */
public interface PartialValidation {

    /** As it stands. @throws TlsProblem in Envoy's words if that makes no sense, or cannot be read */
    PeerValidation rules() throws TlsProblem;

    /** Lists are joined; of the rest this wins where both say something. */
    PartialValidation over(PartialValidation defaults);

    /** Where parts are kept. */
    List<DataSource> sources();

    /** Where a move tells that the files were replaced. */
    Optional<String> watchedDirectory();

    /** The same with what the sources hold now. */
    PartialValidation loaded() throws TlsProblem;
}
