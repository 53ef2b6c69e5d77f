// SPDX-License-Identifier: GPL-2.0-only
/*
 * admin: an administrative command for a domain
 *
 * Arguments: octets, the block of the command; octets, signatures. Results:
 * octets, the block of the answer; octets, its signature, none. Either block is
 * a SEQUENCE of OCTET STRINGs. Numbers are big endian:
 *
 *	u32	command
 *	u32[2]	domain, and its instance: 0
 *	u8[16]	module: serial number; a command may omit it
 *	u8[16]	counter of transactions: 0; a command may omit it
 *	u32	answer only: return value
 *	-	parameter of the command, or output
 *
 * Queries have numbers of 0x10000 and more:
 *
 *	administrators of the module, of the domain, retained keys
 *				-> nothing: there are none
 *	control points of the module, of the domain
 *				-> u8[16], profile (control_point.h)
 *	current, pending WK	-> its verification pattern
 *	attributes of the module, of the domain
 *				-> u32[2], number and value; all that there are
 *
 * The commands:
 *
 *	generate WK	random; the current one if there is none, else the
 *			pending one	-> its verification pattern
 *	generate importer	u32, 0: RSA with 2048 bits	-> its public key
 *			(SubjectPublicKeyInfo)
 *	import WK	two or three parts, which make the pending one by
 *			exclusive or	-> its verification pattern
 *	commit WK	the pending one, of this pattern	-> the pattern
 *	finalize WK	make the pending one, which is committed and of this
 *			pattern, the current one	-> the pattern
 *	zeroize domain	clear both
 *	re-encrypt	a blob of the current WK -> a blob of the pending one,
 *			which is committed
 *	clear WK, clear pending WK
 *
 * A part is a SEQUENCE of OCTET STRINGs: u32, number of this function; u32,
 * domain; block of the command "import WK", whose parameter is a recipient's
 * information (importer.h); signatures.
 */
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "asn1.h"
#include "control_point.h"
#include "ep11.h"
#include "importer.h"
#include "key.h"

#define QUERY		0x10000u

#define GENERATE_IMPORTER	9
#define IMPORT_WK		12

/* The last command and query that there are; not all of them are served. */
#define COMMAND_LAST	39
#define QUERY_LAST	19

#define FUNCTION	41	/* the number of admin itself */

#define COUNTER_SIZE	16

#define PARTS_MIN	2
#define PARTS_MAX	3

/* Length of the longest output, which is a public key. */
#define OUTPUT_MAX	EP11_IMPORTER_PUBLIC_MAX
#define BLOCK_MAX	(OUTPUT_MAX + 80)

/* The attributes of a module and of a domain, and their values. */
#define SIGNATURES		1	/* number that a command needs */
#define SIGNATURES_TO_REVOKE	2
#define PERMISSIONS		3
#define PERMITS_IMPORTED_WK	0x01u
#define PERMITS_RANDOM_WK	0x08u
#define MODE			4
#define MODE_LEFT_IMPRINT	0x01u
#define MODE_API_ACTIVE		0x200u
#define STANDARDS		5	/* as operational modes */

/* What a command operates on, and the room for its output. */
struct work {
	struct domain *domain;
	struct slice parameter;
	struct builder output;
};

static struct master_key *register_of(const struct work *w,
				      enum master_key_register which)
{
	return &w->domain->keys[MASTER_KEY_WK][which];
}

static enum ckr show_pattern(struct work *w, enum master_key_register which)
{
	const struct master_key *wk = register_of(w, which);

	if (wk->state == MASTER_KEY_EMPTY)
		return CKR_IBM_WK_NOT_INITIALIZED;
	build_bytes(&w->output, wk->pattern, MASTER_KEY_PATTERN);
	return CKR_OK;
}

static enum ckr query_nothing(struct work *w)
{
	(void)w;
	return CKR_OK;
}

static enum ckr query_control_points(struct work *w)
{
	uint8_t profile[EP11_PROFILE_SIZE];

	ep11_profile(w->domain, profile);
	build_bytes(&w->output, profile, sizeof(profile));
	return CKR_OK;
}

static enum ckr query_wk(struct work *w)
{
	return show_pattern(w, MASTER_KEY_CURRENT);
}

static enum ckr query_pending_wk(struct work *w)
{
	return show_pattern(w, MASTER_KEY_NEW);
}

static enum ckr show_attributes(struct work *w, uint32_t permissions,
				uint32_t mode)
{
	const uint32_t attributes[][2] = {
		{ SIGNATURES, 0 },
		{ SIGNATURES_TO_REVOKE, 0 },
		{ PERMISSIONS, permissions },
		{ MODE, mode },
		{ STANDARDS, EP11_OP_MODE },
	};

	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		build_u32(&w->output, attributes[i][0]);
		build_u32(&w->output, attributes[i][1]);
	}
	return CKR_OK;
}

static enum ckr query_module_attributes(struct work *w)
{
	return show_attributes(w, 0, MODE_LEFT_IMPRINT | MODE_API_ACTIVE);
}

static enum ckr query_attributes(struct work *w)
{
	return show_attributes(w, PERMITS_IMPORTED_WK | PERMITS_RANDOM_WK,
			       MODE_LEFT_IMPRINT);
}

/* Put a new key into the register for it. The key is not committed then. */
static enum ckr generate(struct work *w, const uint8_t key[MASTER_KEY_MAX])
{
	const struct slice part = { key, MASTER_KEY_MAX };

	if (register_of(w, MASTER_KEY_CURRENT)->state == MASTER_KEY_EMPTY) {
		if (!domain_restore(w->domain, MASTER_KEY_WK, MASTER_KEY_CURRENT,
				    MASTER_KEY_FULL, key))
			return CKR_FUNCTION_FAILED;
		return query_wk(w);
	}
	if (register_of(w, MASTER_KEY_NEW)->state != MASTER_KEY_EMPTY ||
	    domain_load(w->domain, MASTER_KEY_WK, part, false))
		return CKR_FUNCTION_FAILED;
	return query_pending_wk(w);
}

static enum ckr generate_wk(struct work *w)
{
	uint8_t key[MASTER_KEY_MAX];
	enum ckr ckr = CKR_FUNCTION_FAILED;

	if (RAND_bytes(key, sizeof(key)) == 1)
		ckr = generate(w, key);
	OPENSSL_cleanse(key, sizeof(key));
	return ckr;
}

/* Return CKR_OK if the parameter is the pattern of the pending key. */
static enum ckr check_pattern(const struct work *w)
{
	const struct master_key *wk = register_of(w, MASTER_KEY_NEW);

	if (wk->state == MASTER_KEY_EMPTY)
		return CKR_IBM_WK_NOT_INITIALIZED;
	if (w->parameter.length != MASTER_KEY_PATTERN)
		return CKR_ARGUMENTS_BAD;
	return memcmp(wk->pattern, w->parameter.at, MASTER_KEY_PATTERN) ?
	       CKR_IBM_WKID_MISMATCH : CKR_OK;
}

static enum ckr commit_wk(struct work *w)
{
	static const uint8_t nothing[MASTER_KEY_MAX];
	const struct slice part = { nothing, sizeof(nothing) };
	enum ckr ckr = check_pattern(w);

	if (ckr)
		return ckr;
	if (domain_load(w->domain, MASTER_KEY_WK, part, true))
		return CKR_FUNCTION_FAILED;
	return query_pending_wk(w);
}

static enum ckr finalize_wk(struct work *w)
{
	enum ckr ckr = check_pattern(w);

	if (ckr)
		return ckr;
	if (domain_set(w->domain, MASTER_KEY_WK))
		return CKR_FUNCTION_FAILED;
	return query_wk(w);
}

static enum ckr clear_wk(struct work *w)
{
	domain_clear(w->domain, MASTER_KEY_WK, MASTER_KEY_CURRENT);
	return CKR_OK;
}

static enum ckr clear_pending_wk(struct work *w)
{
	domain_clear(w->domain, MASTER_KEY_WK, MASTER_KEY_NEW);
	return CKR_OK;
}

static enum ckr zeroize(struct work *w)
{
	clear_wk(w);
	OPENSSL_cleanse(&w->domain->importer, sizeof(w->domain->importer));
	return clear_pending_wk(w);
}

static enum ckr reencrypt(struct work *w)
{
	return ep11_key_reseal(w->domain, w->parameter, &w->output);
}

static enum ckr generate_importer(struct work *w)
{
	static const uint8_t rsa_2048[4];

	if (w->parameter.length != sizeof(rsa_2048))
		return CKR_ARGUMENTS_BAD;
	if (memcmp(w->parameter.at, rsa_2048, sizeof(rsa_2048)))
		return CKR_FUNCTION_CANCELED;
	return ep11_importer_take(w->domain, &w->output);
}

static enum ckr import_wk(struct work *w);

static const struct row {
	uint32_t number;
	bool has_parameter;
	enum ckr (*carry_out)(struct work *w);
} rows[] = {
	{ QUERY + 1, false, query_nothing },
	{ QUERY + 2, false, query_nothing },
	{ QUERY + 5, false, query_control_points },
	{ QUERY + 6, false, query_control_points },
	{ QUERY + 7, false, query_wk },
	{ QUERY + 8, false, query_pending_wk },
	{ QUERY + 9, false, query_module_attributes },
	{ QUERY + 10, false, query_attributes },
	{ QUERY + 13, false, query_nothing },
	{ GENERATE_IMPORTER, true, generate_importer },
	{ 10, false, generate_wk },
	{ IMPORT_WK, true, import_wk },
	{ 13, true, commit_wk },
	{ 14, true, finalize_wk },
	{ 16, false, zeroize },
	{ 25, true, reencrypt },
	{ 27, false, clear_wk },
	{ 28, false, clear_pending_wk },
};

static const struct row *row_find(uint32_t number)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].number == number)
			return &rows[i];
	return NULL;
}

static bool is_command(uint32_t number)
{
	uint32_t last = number & QUERY ? QUERY_LAST : COMMAND_LAST;

	number &= ~QUERY;
	return number && number <= last;
}

/* A block as it was received. */
struct command {
	struct slice number, domain, module, counter, parameter;
};

static uint32_t number_of(struct slice octets)
{
	struct cursor c = cursor_of(octets.at, octets.length);

	return cursor_u32(&c);
}

static bool take_command(struct slice block, struct command *command)
{
	struct cursor whole = cursor_of(block.at, block.length);
	struct slice elements = asn1_sequence(&whole);
	struct cursor c = cursor_of(elements.at, elements.length);

	command->number = asn1_octets(&c);
	command->domain = asn1_octets(&c);
	command->module = asn1_octets(&c);
	command->counter = asn1_octets(&c);
	command->parameter = asn1_octets(&c);
	return cursor_at_end(&whole) && cursor_at_end(&c) &&
	       command->number.length == sizeof(uint32_t) &&
	       command->domain.length == 2 * sizeof(uint32_t) &&
	       (!command->counter.length ||
		command->counter.length == COUNTER_SIZE);
}

bool ep11_has_command(uint32_t number)
{
	return row_find(number);
}

uint32_t ep11_command_number(struct cursor arguments)
{
	struct command command = { 0 };

	take_command(asn1_octets(&arguments), &command);
	return number_of(command.number);
}

/* Return whether the command is for this domain of this module. */
static bool is_addressed(const struct domain *domain,
			 const struct command *command)
{
	struct cursor c = cursor_of(command->domain.at, command->domain.length);

	if (cursor_u32(&c) != domain->number || cursor_u32(&c))
		return false;
	return !command->module.length ||
	       (command->module.length == SERIAL_LENGTH &&
		!memcmp(command->module.at, domain->serial, SERIAL_LENGTH));
}

/* Take one of the parts and return the information of its recipient. */
static bool take_part(const struct work *w, struct cursor *parts,
		      struct slice *recipient)
{
	struct slice elements = asn1_sequence(parts);
	struct cursor c = cursor_of(elements.at, elements.length);
	uint32_t function = asn1_u32(&c);
	uint32_t domain = asn1_u32(&c);
	struct slice block = asn1_octets(&c);
	struct command command;

	asn1_octets(&c);
	if (!cursor_at_end(&c) || (uint16_t)function != FUNCTION ||
	    domain != w->domain->number || !take_command(block, &command) ||
	    number_of(command.number) != IMPORT_WK ||
	    !is_addressed(w->domain, &command))
		return false;
	*recipient = command.parameter;
	return true;
}

/* Add the parts to @sum, and set @count to their number. */
static enum ckr add_parts(const struct work *w, uint8_t sum[MASTER_KEY_MAX],
			  unsigned int *count)
{
	struct cursor parts = cursor_of(w->parameter.at, w->parameter.length);
	uint8_t part[MASTER_KEY_MAX];
	struct slice recipient;
	enum ckr ckr = CKR_OK;

	for (*count = 0; !ckr && !cursor_at_end(&parts); ++*count) {
		if (*count == PARTS_MAX || !take_part(w, &parts, &recipient))
			return CKR_ARGUMENTS_BAD;
		ckr = ep11_importer_open(w->domain, recipient, part);
		for (size_t i = 0; !ckr && i < sizeof(part); i++)
			sum[i] ^= part[i];
		OPENSSL_cleanse(part, sizeof(part));
	}
	return ckr;
}

static enum ckr import_wk(struct work *w)
{
	uint8_t sum[MASTER_KEY_MAX] = { 0 };
	const struct slice key = { sum, sizeof(sum) };
	unsigned int count;
	enum ckr ckr = add_parts(w, sum, &count);

	if (!ckr && count < PARTS_MIN)
		ckr = CKR_FUNCTION_CANCELED;
	if (!ckr && (register_of(w, MASTER_KEY_NEW)->state != MASTER_KEY_EMPTY ||
		     domain_load(w->domain, MASTER_KEY_WK, key, false)))
		ckr = CKR_FUNCTION_FAILED;
	OPENSSL_cleanse(sum, sizeof(sum));
	return ckr ? ckr : query_pending_wk(w);
}

void ep11_admin_prepare(struct cursor arguments)
{
	if (ep11_command_number(arguments) == GENERATE_IMPORTER)
		ep11_importer_prepare();
}

static enum ckr carry_out(struct work *w, const struct command *command)
{
	uint32_t number = number_of(command->number);
	const struct row *row = row_find(number);

	if (!row)
		return is_command(number) ? CKR_FUNCTION_CANCELED :
					    CKR_FUNCTION_NOT_SUPPORTED;
	if (!row->has_parameter && w->parameter.length)
		return CKR_ARGUMENTS_BAD;
	return row->carry_out(w);
}

static void build_block(const struct work *w, const struct command *command,
			enum ckr ckr, struct builder *results)
{
	static const uint8_t counter[COUNTER_SIZE];
	uint8_t bytes[BLOCK_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct slice output = builder_laid(&w->output);
	size_t opened = asn1_open_octets(results);

	if (ckr)
		output.length = 0;
	asn1_build_octets(&b, command->number);
	asn1_build_octets(&b, command->domain);
	asn1_build_octets(&b, (struct slice){ (const uint8_t *)w->domain->serial,
					      SERIAL_LENGTH });
	asn1_build_octets(&b, (struct slice){ counter, sizeof(counter) });
	asn1_build_u32(&b, ckr);
	asn1_build_octets(&b, output);
	asn1_build_sequence(results, builder_laid(&b));
	asn1_close(results, opened);
}

enum ckr ep11_admin(struct domain *domain, const struct ep11_cprb *request,
		    struct builder *results)
{
	struct cursor c = request->arguments;
	struct slice block = asn1_octets(&c);
	uint8_t output[OUTPUT_MAX];
	struct work work = {
		.domain = domain,
		.output = builder_of(output, sizeof(output)),
	};
	struct command command;

	asn1_octets(&c);
	if (!cursor_at_end(&c) || !take_command(block, &command) ||
	    !is_addressed(domain, &command))
		return CKR_ARGUMENTS_BAD;
	/* Nothing is changed without a reply that tells it. */
	if (builder_room(results) < EP11_ADMIN_RESULTS_MAX)
		return CKR_IBM_TRANSPORT_LIMIT;
	work.parameter = command.parameter;
	build_block(&work, &command, carry_out(&work, &command), results);
	asn1_close(results, asn1_open_octets(results));
	return CKR_OK;
}
