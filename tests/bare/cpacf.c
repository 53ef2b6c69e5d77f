// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPACF's functions for protected keys, with the vectors of NIST SP 800-38A (F.1, F.2,
 * F.5) and of IEEE 1619 (vectors 4 and 10) in each addressing mode; what they refuse, and
 * how far they go when they cannot go on.
 *
 * qemu: -plugin $AP,card=5:CEX8A,domain=4
 */
#include "bare.h"
#include "window.h"

#define PCKMO		0xb9280000u
#define PCC		0xb92c0000u
#define KM(r1, r2)	(0xb92e0000u | (r1) << 4 | (r2))
#define KMC(r1, r2)	(0xb92f0000u | (r1) << 4 | (r2))
#define KMCTR(r1, r3, r2) (0xb92d0000u | (r3) << 12 | (r1) << 4 | (r2))

#define DECRYPT		0x80
#define BLOCK		16
#define PATTERN		32
#define DATA		64
#define HIGH_HALF	0x1234567800000000ull
#define AT_A_TIME	32768
#define LONG		(AT_A_TIME + PAGE)

/* What an instruction runs with and the registers that it is given */
enum { TARGET = 2, SOURCE = 4, LENGTH, COUNTERS };

#define ECB		KM(TARGET, SOURCE)
#define CBC		KMC(TARGET, SOURCE)
#define CTR		KMCTR(TARGET, COUNTERS, SOURCE)

/*
 * @start: chaining value, first counter or tweak
 * @tweak_key: of XTS
 */
struct vector {
	const char *name;
	uint32_t instruction;
	uint8_t function;
	const char *key;
	const char *tweak_key;
	const char *start;
	const char *plain;
	const char *encrypted;
};

#define KEY_128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY_192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define KEY_256 "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
#define PLAIN	"6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" \
		"30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
#define PLAIN_XTS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" \
		"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
#define IV	"000102030405060708090a0b0c0d0e0f"
#define COUNT	"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"

static const struct vector vectors[] = {
	{ "ECB, AES-128", ECB, 26, KEY_128, NULL, "", PLAIN,
	  "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
	  "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4" },
	{ "ECB, AES-192", ECB, 27, KEY_192, NULL, "", PLAIN,
	  "bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"
	  "ef7afd2270e2e60adce0ba2face6444e9a4b41ba738d6c72fb16691603c18e0e" },
	{ "ECB, AES-256", ECB, 28, KEY_256, NULL, "", PLAIN,
	  "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
	  "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7" },
	{ "CBC, AES-128", CBC, 26, KEY_128, NULL, IV, PLAIN,
	  "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
	  "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7" },
	{ "CBC, AES-192", CBC, 27, KEY_192, NULL, IV, PLAIN,
	  "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
	  "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd" },
	{ "CBC, AES-256", CBC, 28, KEY_256, NULL, IV, PLAIN,
	  "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
	  "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b" },
	{ "CTR, AES-128", CTR, 26, KEY_128, NULL, COUNT, PLAIN,
	  "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
	  "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee" },
	{ "CTR, AES-192", CTR, 27, KEY_192, NULL, COUNT, PLAIN,
	  "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
	  "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050" },
	{ "CTR, AES-256", CTR, 28, KEY_256, NULL, COUNT, PLAIN,
	  "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
	  "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6" },
	{ "XTS, AES-128", ECB, 58, "27182818284590452353602874713526",
	  "31415926535897932384626433832795", "00000000000000000000000000000000", PLAIN_XTS,
	  "27a7479befa1d476489f308cd4cfa6e2a96e4bbe3208ff25287dd3819616e89c"
	  "c78cf7f5e543445f8333d8fa7f56000005279fa5d8b5e4ad40e736ddb4d35412" },
	{ "XTS, AES-256", ECB, 60,
	  "2718281828459045235360287471352662497757247093699959574966967627",
	  "3141592653589793238462643383279502884197169399375105820974944592",
	  "ff000000000000000000000000000000", PLAIN_XTS,
	  "1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b"
	  "5d31e276f8fe4a8d66b317f9ac683f44680a86ac35adfc3345befecb4bb188fd" },
};

/* An addressing mode, and what it leaves alone in a register with an address or a length */
static const struct mode {
	const char *name;
	uint64_t psw;
	uint64_t around_address;
	uint64_t kept;
} modes[] = {
	{ "64-bit mode", 0, 0, 0 },
	{ "31-bit mode", PSW_31BIT, HIGH_HALF | 0x80000000, HIGH_HALF },
	{ "24-bit mode", PSW_24BIT, HIGH_HALF | 0x5a000000, HIGH_HALF },
};

static const struct mode *mode = modes;

static uint8_t parameters[256], tweaking[256];
static uint8_t plain[DATA], encrypted[DATA], data[DATA], counters[DATA];
static uint8_t large[LONG], expected[LONG];

static uint64_t digit(char c)
{
	return c > '9' ? c - 'a' + 10 : c - '0';
}

static size_t bytes_of(const char *text, uint8_t *to)
{
	size_t count = 0;

	for (; *text; text += 2)
		to[count++] = digit(text[0]) << 4 | digit(text[1]);
	return count;
}

static uint64_t place(const void *at)
{
	return (uintptr_t)at | mode->around_address;
}

/* PCC and PCKMO, which have their operands in storage only */
static struct cpu run_on(uint32_t instruction, uint64_t function, const void *block)
{
	struct cpu cpu = {
		.gr = { function, place(block) },
		.psw.mask = mode->psw | 2ull << PSW_CC_SHIFT,
	};

	run(&cpu, instruction);
	return cpu;
}

static struct cpu run_message(const struct vector *v, uint64_t decrypt, uint64_t psw,
			      uint64_t target, uint64_t source, uint64_t length)
{
	struct cpu cpu = {
		.gr = {
			[0] = v->function | decrypt,
			[1] = place(parameters),
			[TARGET] = target,
			[SOURCE] = source,
			[LENGTH] = mode->kept | length,
			[COUNTERS] = place(counters),
		},
		.psw.mask = psw | mode->psw | 2ull << PSW_CC_SHIFT,
	};

	run(&cpu, v->instruction);
	return cpu;
}

/* Puts a protected key there; returns its length. */
static size_t protect(const char *key, uint8_t *at)
{
	size_t length = bytes_of(key, at);
	struct cpu cpu = run_on(PCKMO, 16 + length / 8, at);

	if (cpu.check)
		same("PCKMO ends normally", 0, cpu.check);
	return length + PATTERN;
}

static void make_counters(const char *first)
{
	bytes_of(first, counters);
	for (size_t at = BLOCK; at < DATA; at += BLOCK) {
		memcpy(counters + at, counters + at - BLOCK, BLOCK);
		for (size_t i = at + BLOCK; !++counters[--i];)
			continue;
	}
}

/* Has PCC write the parameter of the vector's tweak to @to. */
static void tweak(const struct vector *v, uint8_t *to)
{
	size_t length = protect(v->tweak_key, tweaking);
	struct cpu cpu;

	memset(tweaking + length, 0, 4 * BLOCK);
	bytes_of(v->start, tweaking + length);
	cpu = run_on(PCC, v->function, tweaking);
	if (cpu.check || cc_of(&cpu))
		same("PCC ends normally", 0, cpu.check << 8 | cc_of(&cpu));
	memcpy(to, tweaking + length + 3 * BLOCK, BLOCK);
}

static void prepare(const struct vector *v)
{
	uint8_t *key = v->instruction == CBC ? parameters + BLOCK : parameters;
	size_t length;

	if (v->instruction == CBC)
		bytes_of(v->start, parameters);
	if (v->instruction == CTR)
		make_counters(v->start);
	length = protect(v->key, key);
	if (v->tweak_key)
		tweak(v, key + length);
}

static uint64_t behind(const void *at, uint64_t length)
{
	return ((uintptr_t)at + length) | mode->kept;
}

/* In place: both addresses are the same. */
static void one_way(const struct vector *v, uint64_t decrypt, const uint8_t *from,
		    const uint8_t *to)
{
	struct cpu cpu;

	prepare(v);
	memcpy(data, from, DATA);
	cpu = run_message(v, decrypt, 0, place(data), place(data), DATA);
	same("ends normally", 0, cpu.check << 8 | cc_of(&cpu));
	same_bytes(decrypt ? "plaintext" : "ciphertext", to, data, DATA);
	same("the target moves on", behind(data, DATA), cpu.gr[TARGET]);
	same("the source moves on", behind(data, DATA), cpu.gr[SOURCE]);
	same("nothing is left", mode->kept, cpu.gr[LENGTH]);
	if (v->instruction == CTR)
		same("the counters move on", behind(counters, DATA), cpu.gr[COUNTERS]);
}

static void known_answers(void)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];

		chapter(v->name);
		bytes_of(v->plain, plain);
		bytes_of(v->encrypted, encrypted);
		one_way(v, 0, plain, encrypted);
		one_way(v, DECRYPT, encrypted, plain);
	}
}

static void each_mode(void)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		mode = &modes[i];
		chapter(mode->name);
		ok(true, "follows");
		known_answers();
	}
	mode = modes;
}

/* Every two blocks are those of the vector only if the chain goes on between them. */
static void parts(void)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];
		struct cpu cpu;

		if (v->instruction == CTR)
			continue;
		chapter(v->name);
		prepare(v);
		bytes_of(v->plain, data);
		bytes_of(v->encrypted, encrypted);
		run_message(v, 0, 0, place(data), place(data), DATA / 2);
		cpu = run_message(v, 0, 0, place(data + DATA / 2), place(data + DATA / 2),
				  DATA / 2);
		same("the second half ends normally", 0, cpu.check << 8 | cc_of(&cpu));
		same_bytes("it goes on where the first ended", encrypted, data, DATA);
	}
}

static void query(const char *name, uint32_t instruction, uint8_t third, uint8_t seventh)
{
	const struct vector v = { .instruction = instruction };
	struct cpu cpu;

	chapter(name);
	memset(parameters, 0, sizeof(parameters));
	cpu = run_message(&v, 0, 0, place(data), place(data), 0);
	same("query ends normally", 0, cpu.check);
	same("functions 24 to 31", third, parameters[3]);
	same("functions 56 to 63", seventh, parameters[7]);
	same("QEMU's own are there, too", 0x80, parameters[0] & 0x80);
}

static void queries(void)
{
	query("KM", ECB, 0x38, 0x28);
	query("KMC", CBC, 0x38, 0);
	query("KMCTR", CTR, 0x38, 0);
	query("PCC", PCC, 0, 0x28);
	query("PCKMO", PCKMO, 0, 0);
	same("functions 18 to 20", 0x38, parameters[2] & 0x38);
}

static void refuses(const char *name, uint16_t check, struct cpu cpu)
{
	same(name, check, cpu.check);
	same_bytes("nothing is done", plain, data, DATA);
}

/* Which the length, a register or the function cause, before anything is looked at */
static void specifications(void)
{
	struct vector v = vectors[0];
	struct cpu cpu;

	chapter("what is not right");
	prepare(&v);
	memcpy(plain, data, DATA);
	refuses("a length of no whole blocks", CHECK_SPECIFICATION,
		run_message(&v, 0, 0, place(data), place(data), 24));
	v.instruction = KM(TARGET + 1, SOURCE);
	refuses("an odd target", CHECK_SPECIFICATION,
		run_message(&v, 0, 0, place(data), place(data), DATA));
	v.instruction = KM(TARGET, SOURCE + 1);
	refuses("an odd source", CHECK_SPECIFICATION,
		run_message(&v, 0, 0, place(data), place(data), DATA));
	v.instruction = KM(0, SOURCE);
	refuses("register 0", CHECK_SPECIFICATION,
		run_message(&v, 0, 0, place(data), place(data), DATA));
	v = vectors[0];
	v.function = 59;
	refuses("a function that is not there", CHECK_SPECIFICATION,
		run_message(&v, 0, 0, place(data), place(data), DATA));
	refuses("PCKMO that is to decrypt", CHECK_SPECIFICATION,
		run_on(PCKMO, 18 | DECRYPT, data));
	cpu = (struct cpu){ .gr = { 18, place(data) }, .psw.mask = PSW_PROBLEM };
	run(&cpu, PCKMO);
	refuses("PCKMO in the problem state", CHECK_PRIVILEGED, cpu);
	cpu = (struct cpu){ .gr = { 26, place(parameters) } };
	run_executed(&cpu, ECB);
	refuses("the target of an EXECUTE", CHECK_SPECIFICATION, cpu);
}

static void patterns(void)
{
	struct cpu cpu;

	chapter("a key of another machine");
	prepare(&vectors[0]);
	memcpy(plain, data, DATA);
	cpu = run_message(&vectors[0], 0, 0, place(data), place(data), 0);
	same("is no matter when there is no data", 0, cpu.check << 8 | cc_of(&cpu));
	parameters[BLOCK] ^= 1;
	cpu = run_message(&vectors[0], 0, 0, place(data), place(data), DATA);
	same("has condition code 1", 1, cpu.check << 8 | cc_of(&cpu));
	same("no address moves", place(data), cpu.gr[SOURCE]);
	same_bytes("nothing is done", plain, data, DATA);
	prepare(&vectors[9]);
	tweaking[BLOCK] ^= 1;
	cpu = run_on(PCC, vectors[9].function, tweaking);
	same("has condition code 1 for PCC", 1, cpu.check << 8 | cc_of(&cpu));
}

/* More than is done at a time, and what CBC makes of it in one go and in two */
static void long_message(void)
{
	const struct vector *v = &vectors[3];
	struct cpu cpu;

	chapter("a long message");
	prepare(v);
	memset(large, 0x11, LONG);
	cpu = run_message(v, 0, 0, place(large), place(large), LONG);
	same("a part is done", 3, cpu.check << 8 | cc_of(&cpu));
	same("some is left", LONG - AT_A_TIME, cpu.gr[LENGTH]);
	same("the source moves on", behind(large, AT_A_TIME), cpu.gr[SOURCE]);
	run(&cpu, v->instruction);
	same("then the rest", 0, cpu.check << 8 | cc_of(&cpu));
	memcpy(expected, large, LONG);
	prepare(v);
	memset(large, 0x11, LONG);
	for (size_t at = 0; at < LONG; at += PAGE)
		run_message(v, 0, 0, place(large + at), place(large + at), PAGE);
	same_bytes("the same as page by page", expected, large, LONG);
}

static void goes_no_further(const char *name, uint16_t check, uint64_t target,
			    uint64_t source, uint64_t teid)
{
	struct cpu cpu = run_message(&vectors[3], 0, PSW_DAT, target, source, DATA);

	chapter(name);
	same("half is done", 3, cpu.check << 8 | cc_of(&cpu));
	same("half is left", DATA / 2, cpu.gr[LENGTH]);
	run(&cpu, vectors[3].instruction);
	same("the other half", check, cpu.check);
	same("ends the instruction", check == CHECK_PAGE ? 0 : 4, cpu.psw.addr);
	same("the page is told", teid, LC(uint64_t, LC_TEID));
	same("no address moves", source + DATA / 2, cpu.gr[SOURCE]);
	same("half is still left", DATA / 2, cpu.gr[LENGTH]);
}

static void pages(void)
{
	uint64_t protected = WINDOW + PROTECTED * PAGE, invalid = WINDOW + INVALID * PAGE;
	struct cpu cpu;

	make_spaces();
	prepare(&vectors[3]);
	goes_no_further("data up to an invalid page", CHECK_PAGE, place(data),
			invalid - DATA / 2, invalid | TEID_FETCH);
	goes_no_further("a result up to a protected page", CHECK_PROTECTION,
			protected - DATA / 2, place(data), protected | TEID_STORE | 4);
	chapter("a block across the border");
	cpu = run_message(&vectors[3], 0, PSW_DAT, place(data), invalid - 24, DATA);
	same("those before it are done", DATA - BLOCK, cpu.gr[LENGTH]);
	run(&cpu, vectors[3].instruction);
	same("it ends the instruction", CHECK_PAGE, cpu.check);
	chapter("parameters");
	cpu = run_message(&vectors[3], 0, PSW_DAT, place(data), place(data), DATA);
	cpu.gr[1] = protected;
	run(&cpu, vectors[3].instruction);
	same("nothing is left to do", 0, cpu.check << 8 | cc_of(&cpu));
	cpu.gr[1] = protected;
	cpu.gr[LENGTH] = DATA;
	run(&cpu, vectors[3].instruction);
	same("in a protected page", CHECK_PROTECTION, cpu.check);
	cpu.gr[1] = invalid;
	run(&cpu, vectors[0].instruction);
	same("in an invalid page", CHECK_PAGE, cpu.check);
}

int main(void)
{
	queries();
	each_mode();
	parts();
	specifications();
	patterns();
	long_message();
	pages();
	return 0;
}
