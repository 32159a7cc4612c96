package mlxstack.scoring;

/**
 * What a model is worth in a role, with every part of it.
 *
 * @param total 0 to 1: quality squared, times speed, times tools. Squared, because a model that fails half as often is
 *     worth more than a few points
 * @param quality 0 to 100, for this role and this quantisation
 * @param guessed whether nobody judged it
 * @param seconds that a usual step of the role takes
 * @param speed 0 to 1; 1 where waiting is not noticed
 * @param tools 1; less where tools are wanted and it calls none
 */
public record Worth(double total, double quality, boolean guessed, double seconds, double speed, double tools) {}
