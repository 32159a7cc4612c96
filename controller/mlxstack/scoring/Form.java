package mlxstack.scoring;

import java.util.Comparator;
import mlxstack.catalog.CatalogModel;
import mlxstack.catalog.ModelSource;

/** A model in one of the forms it can be had in: what is downloaded and served. */
public record Form(CatalogModel model, ModelSource source) {

    /** By id, then quantisation, then repository: how ties are decided. */
    static final Comparator<Form> ORDER = Comparator.comparing(
                    (Form form) -> form.model().id())
            .thenComparing(form -> form.source().quant())
            .thenComparing(form -> form.source().repo());

    /** As in {@code qwen3-8b 4bit}. */
    public String label() {
        return model.id() + " " + source.quant();
    }

    /** Bytes that one token goes through: of a mixture of experts, those of its active ones. */
    double activeBytes() {
        var parameters = model.parameters();
        return source.sizeBytes() * (parameters.active() / parameters.total());
    }
}
