/*
 * One caller's speech recogniser, over libpocketsphinx.
 *
 * stdin: frames of one type byte, a little-endian 32-bit length, and that many bytes:
 *   'S' utterance number (32 bit): an utterance starts
 *   'A' 16 kHz mono 16-bit little-endian samples, at most 1 MB
 *   'E' utterance number (32 bit): it ends
 * stdout: one JSON object per line:
 *   {"type":"ready"}
 *   {"type":"partial","utterance":1,"text":"…"}  when it changes, and as a sign of life when audio waits
 *   {"type":"final","utterance":1,"text":"…","words":[{"text":"…","startMs":0,"endMs":210}]}
 * With `--print-words yes` it only writes the words of --lm, one per line, each after its log probability.
 * Ends at the end of stdin, so that it cannot outlive its parent. Errors go to stderr, exit code 1.
 */
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pocketsphinx.h>
#include <sphinxbase/cmn.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>
#include <sphinxbase/ngram_model.h>

enum { MAX_PAYLOAD = 1 << 20, FRAME_MS = 10 };
/* Samples between two looks at the best hypothesis: 64 ms, a syllable is twice as long; 512 ms
 * while audio is waiting, because a recogniser that is behind has better things to do. Then it says
 * every 128 ms that it is at work: whoever waits for the rest would else give it up. */
enum { PARTIAL_EVERY = 1024, PARTIAL_EVERY_WHEN_BEHIND = 8192, ALIVE_EVERY_WHEN_BEHIND = 2048 };

/* What the decoder hears is relative to the mean of what it heard before. This one stands for speech before
 * anything was heard, and counts as much as a second of it: between the model's own, of other recordings and
 * of no weight, and what speech is here, through Opus and the noise suppression. docs/decisions/0004 has
 * what it is worth. */
enum { CEPSTRA = 13, PRIOR_FRAMES = 100 };
static const double prior_mean[CEPSTRA] = {49,   0.3,  2,    9,    0.6, -1.9, -2,
                                           -1.5, -2.2, -1.4, -2.7, -1,  1.6};
/* Louder speech is the same, but for the first of them. The level is that of the loudest 20 ms so far. */
static const double prior_level_db = -13, cepstrum_per_db = 0.84;
enum { LEVEL_SAMPLES = 320 };
/* What has words for less than this teaches nothing of a voice: a cough is "oh" to it, and after twenty of
 * them "uh huh" was anything but that. */
enum { TEACHING_MS = 300 };

typedef struct {
    ps_decoder_t *decoder;
    /* The mean is still the one that nothing was heard for. */
    int is_untaught;
    double loudest;
    /* As it was when this utterance started. */
    mfcc_t mean_before[CEPSTRA];
    mfcc_t sum_before[CEPSTRA];
    int32 frames_before;
    uint32_t utterance;
    int is_active;
    size_t since_partial;
    size_t since_alive;
    char *last_partial;
} recogniser_t;

static void fail(const char *what) {
    fprintf(stderr, "recogniser: %s\n", what);
    exit(1);
}

/* Returns 0 at the end of the input. */
static int read_exactly(void *buffer, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t count = read(STDIN_FILENO, (char *)buffer + done, size - done);
        if (count <= 0) return 0;
        done += (size_t)count;
    }
    return 1;
}

static void print_text(const char *text) {
    putchar('"');
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\') printf("\\%c", byte);
        else if (byte < 0x20) printf("\\u%04x", byte);
        else putchar(byte);
    }
    putchar('"');
}

static void print_partial(recogniser_t *self) {
    printf("{\"type\":\"partial\",\"utterance\":%u,\"text\":", self->utterance);
    print_text(self->last_partial == NULL ? "" : self->last_partial);
    puts("}");
    fflush(stdout);
    self->since_alive = 0;
}

static void send_partial(recogniser_t *self) {
    const char *text = ps_get_hyp(self->decoder, NULL);
    if (text == NULL || *text == '\0') return;
    if (self->last_partial != NULL && strcmp(text, self->last_partial) == 0) return;
    free(self->last_partial);
    self->last_partial = strdup(text);
    print_partial(self);
}

/* Silence and noises have names, too. */
static int is_word(const char *segment) {
    return segment != NULL && strchr("<[+", segment[0]) == NULL;
}

static void send_words(recogniser_t *self) {
    int is_first = 1;
    /* The library counts frames from the first utterance on; the first segment is where this one begins. */
    int origin = -1;
    printf(",\"words\":[");
    for (ps_seg_t *seg = ps_seg_iter(self->decoder); seg != NULL; seg = ps_seg_next(seg)) {
        int start, end;
        ps_seg_frames(seg, &start, &end);
        if (origin < 0) origin = start;
        const char *word = ps_seg_word(seg);
        if (!is_word(word)) continue;
        char base[128];
        snprintf(base, sizeof base, "%s", word);
        char *variant = strchr(base, '(');
        if (variant != NULL) *variant = '\0';
        printf("%s{\"text\":", is_first ? "" : ",");
        print_text(base);
        printf(",\"startMs\":%d,\"endMs\":%d}", (start - origin) * FRAME_MS,
               (end + 1 - origin) * FRAME_MS);
        is_first = 0;
    }
    putchar(']');
}

static cmn_t *mean_of(recogniser_t *self) { return ps_get_feat(self->decoder)->cmn_struct; }

static void set_prior_mean(recogniser_t *self) {
    cmn_t *mean = mean_of(self);
    if (mean->veclen != CEPSTRA) fail("the acoustic model has another number of cepstra");
    for (int i = 0; i < CEPSTRA; i++) {
        mean->cmn_mean[i] = FLOAT2MFCC(prior_mean[i]);
        mean->sum[i] = FLOAT2MFCC(prior_mean[i] * PRIOR_FRAMES);
    }
    mean->nframe = PRIOR_FRAMES;
    self->is_untaught = 1;
}

/* Before these samples are decoded, while nothing else is known of the caller's level. */
static void follow_level(recogniser_t *self, const int16 *samples, size_t count) {
    for (size_t at = 0; at + LEVEL_SAMPLES <= count; at += LEVEL_SAMPLES) {
        double sum = 0;
        for (size_t i = at; i < at + LEVEL_SAMPLES; i++) sum += (double)samples[i] * samples[i];
        double power = sum / LEVEL_SAMPLES / 32768 / 32768;
        if (power > self->loudest) self->loudest = power;
    }
    if (self->loudest == 0) return;
    double above_db = 10 * log10(self->loudest) - prior_level_db;
    double first = prior_mean[0] + cepstrum_per_db * above_db;
    cmn_t *mean = mean_of(self);
    mean->sum[0] += FLOAT2MFCC((first - MFCC2FLOAT(mean->cmn_mean[0])) * PRIOR_FRAMES);
    mean->cmn_mean[0] = FLOAT2MFCC(first);
}

static int words_ms(recogniser_t *self) {
    int frames = 0;
    for (ps_seg_t *seg = ps_seg_iter(self->decoder); seg != NULL; seg = ps_seg_next(seg)) {
        int start, end;
        ps_seg_frames(seg, &start, &end);
        if (is_word(ps_seg_word(seg))) frames += end + 1 - start;
    }
    return frames * FRAME_MS;
}

static void keep_mean(recogniser_t *self) {
    cmn_t *mean = mean_of(self);
    memcpy(self->mean_before, mean->cmn_mean, sizeof self->mean_before);
    memcpy(self->sum_before, mean->sum, sizeof self->sum_before);
    self->frames_before = mean->nframe;
}

/* Ends what was started, and takes back what it taught where it had no speech to speak of. */
static void finish_decoding(recogniser_t *self) {
    ps_end_utt(self->decoder);
    self->is_active = 0;
    if (words_ms(self) >= TEACHING_MS) {
        self->is_untaught = 0;
        return;
    }
    cmn_t *mean = mean_of(self);
    memcpy(mean->cmn_mean, self->mean_before, sizeof self->mean_before);
    memcpy(mean->sum, self->sum_before, sizeof self->sum_before);
    mean->nframe = self->frames_before;
}

static void start_utterance(recogniser_t *self, uint32_t utterance) {
    if (self->is_active) finish_decoding(self);
    keep_mean(self);
    self->loudest = 0;
    if (ps_start_utt(self->decoder) < 0) fail("an utterance could not be started");
    free(self->last_partial);
    self->last_partial = NULL;
    self->utterance = utterance;
    self->is_active = 1;
    self->since_partial = 0;
    self->since_alive = 0;
}

static void end_utterance(recogniser_t *self, uint32_t utterance) {
    const char *text = NULL;
    int is_ours = self->is_active && utterance == self->utterance;
    if (is_ours) {
        finish_decoding(self);
        text = ps_get_hyp(self->decoder, NULL);
    }
    printf("{\"type\":\"final\",\"utterance\":%u,\"text\":", utterance);
    print_text(text == NULL ? "" : text);
    if (text != NULL) send_words(self);
    puts("}");
    fflush(stdout);
}

static int is_input_waiting(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) > 0;
}

static void decode(recogniser_t *self, const int16 *samples, size_t count) {
    if (!self->is_active) return;
    if (self->is_untaught) follow_level(self, samples, count);
    if (ps_process_raw(self->decoder, samples, count, FALSE, FALSE) < 0) fail("audio was not decoded");
    self->since_partial += count;
    self->since_alive += count;
    if (self->since_partial < PARTIAL_EVERY) return;
    int is_behind = is_input_waiting();
    if (!is_behind || self->since_partial >= PARTIAL_EVERY_WHEN_BEHIND) {
        self->since_partial = 0;
        send_partial(self);
    }
    if (is_behind && self->since_alive >= ALIVE_EVERY_WHEN_BEHIND) print_partial(self);
}

static const char *argument(int count, char **values, const char *name, const char *otherwise) {
    for (int i = 1; i + 1 < count; i++) {
        if (strcmp(values[i], name) == 0) return values[i + 1];
    }
    return otherwise;
}

/* The stock model, mixed with the domain's own when there is one. */
static void set_language_model(recogniser_t *self, cmd_ln_t *config, int count, char **values) {
    const char *domain = argument(count, values, "--domain-lm", NULL);
    const char *stock = argument(count, values, "--lm", NULL);
    float32 weight = (float32)atof(argument(count, values, "--domain-weight", "0.3"));
    logmath_t *logmath = ps_get_logmath(self->decoder);
    ngram_model_t *general = stock == NULL ? NULL : ngram_model_read(config, stock, NGRAM_AUTO, logmath);
    if (general == NULL) fail("the language model was not read (--lm)");
    ngram_model_t *model = general;
    if (domain != NULL) {
        ngram_model_t *special = ngram_model_read(config, domain, NGRAM_AUTO, logmath);
        if (special == NULL) fail("the domain's language model was not read (--domain-lm)");
        ngram_model_t *models[] = {special, general};
        char *names[] = {"domain", "general"};
        float32 weights[] = {weight, 1 - weight};
        model = ngram_model_set_init(config, models, names, weights, 2);
        if (model == NULL) fail("the language models were not mixed");
    }
    if (ps_set_lm(self->decoder, "mixed", model) < 0) fail("the language model was not accepted");
    if (ps_set_search(self->decoder, "mixed") < 0) fail("the search was not started");
}

static cmd_ln_t *read_config(int count, char **values) {
    const char *acoustic = argument(count, values, "--hmm", NULL);
    const char *dictionary = argument(count, values, "--dict", NULL);
    if (acoustic == NULL || dictionary == NULL) fail("--hmm and --dict are needed");
    /* fwdflat costs 300 ms at the end of each utterance and gains 0.2 points of word errors.
     * The caller's own detector marks speech, so the decoder must not cut silence a second time.
     * 5000 active states instead of 30000: a quarter less time and the same word errors; 2000 cost
     * three points. */
    return cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", acoustic, "-dict", dictionary,
                       "-logfn", "/dev/null", "-fwdflat", "no", "-remove_silence",
                       argument(count, values, "--remove-silence", "no"),
                       "-maxhmmpf", argument(count, values, "--max-hmms", "5000"),
                       "-lw", argument(count, values, "--language-weight", "6.5"),
                       "-wip", argument(count, values, "--word-penalty", "0.65"), NULL);
}

/* Which words are common, so that a dictionary can be cut to these. */
static void print_words(int count, char **values) {
    const char *stock = argument(count, values, "--lm", NULL);
    cmd_ln_t *config = cmd_ln_init(NULL, ps_args(), TRUE, "-logfn", "/dev/null", NULL);
    logmath_t *logmath = logmath_init(1.0001, 0, 0);
    ngram_model_t *model = stock == NULL ? NULL : ngram_model_read(config, stock, NGRAM_AUTO, logmath);
    if (model == NULL) fail("the language model was not read (--lm)");
    uint32 words = ngram_model_get_counts(model)[0];
    for (uint32 i = 0; i < words; i++) {
        int32 used;
        printf("%d %s\n", ngram_ng_prob(model, (int32)i, NULL, 0, &used), ngram_word(model, (int32)i));
    }
}

int main(int count, char **values) {
    recogniser_t self = {0};
    err_set_logfp(NULL);
    if (argument(count, values, "--print-words", NULL) != NULL) {
        print_words(count, values);
        return 0;
    }
    cmd_ln_t *config = read_config(count, values);
    if (config == NULL) fail("the configuration was not accepted");
    self.decoder = ps_init(config);
    if (self.decoder == NULL) fail("the decoder did not start; is the acoustic model complete?");
    set_prior_mean(&self);
    set_language_model(&self, config, count, values);
    puts("{\"type\":\"ready\"}");
    fflush(stdout);

    uint8_t header[5];
    uint8_t *payload = malloc(MAX_PAYLOAD);
    if (payload == NULL) fail("out of memory");
    while (read_exactly(header, sizeof header)) {
        uint32_t size = (uint32_t)header[1] | (uint32_t)header[2] << 8 | (uint32_t)header[3] << 16 |
                        (uint32_t)header[4] << 24;
        if (size > MAX_PAYLOAD) fail("a frame is too large");
        if (!read_exactly(payload, size)) break;
        uint32_t number = size == 4 ? (uint32_t)payload[0] | (uint32_t)payload[1] << 8 |
                                          (uint32_t)payload[2] << 16 | (uint32_t)payload[3] << 24
                                    : 0;
        if (header[0] == 'A') decode(&self, (const int16 *)payload, size / 2);
        else if (header[0] == 'S' && size == 4) start_utterance(&self, number);
        else if (header[0] == 'E' && size == 4) end_utterance(&self, number);
        else fail("an unknown frame came in");
    }
    return 0;
}
