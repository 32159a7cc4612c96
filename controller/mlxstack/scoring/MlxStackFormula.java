package mlxstack.scoring;

/**
 * mlx-stack's score of one model: four parts between 0 and 1, weighed by intent. Smallness counts twice, as speed and as
 * memory left over, which is why it does not use a big machine. Stateless.
 */
final class MlxStackFormula {

    private MlxStackFormula() {}

    /** What mlx-stack can be asked for. */
    enum Intent {
        BALANCED("balanced", .25, .40, .15, .20),
        AGENT_FLEET("agent-fleet", .30, .20, .35, .15);

        private final String word;
        private final double speed;
        private final double quality;
        private final double tools;
        private final double memory;

        Intent(String word, double speed, double quality, double tools, double memory) {
            this.word = word;
            this.speed = speed;
            this.quality = quality;
            this.tools = tools;
            this.memory = memory;
        }

        String word() {
            return word;
        }
    }

    /**
     * The parts of a score, each from 0 to 1.
     *
     * @param composite their weighted sum
     */
    record Score(double speed, double quality, double tools, double memory, double composite) {}

    /**
     * @param generation tokens a second
     * @param quality 0 to 1
     * @param memory GB
     * @param budget GB
     */
    static Score score(Intent intent, double generation, double quality, boolean tools, double memory, double budget) {
        double speed = generation <= 0 ? 0 : Math.min(1, Math.log1p(generation) / Math.log(201));
        double able = tools ? 1 : 0;
        double left = budget <= 0 || memory <= 0 ? 0 : Math.clamp((budget - memory) / budget, 0, 1);
        double composite = intent.speed * speed + intent.quality * quality + intent.tools * able + intent.memory * left;
        return new Score(speed, quality, able, left, composite);
    }
}
