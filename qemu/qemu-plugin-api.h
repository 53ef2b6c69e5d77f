/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of QEMU's TCG plugin interface that swcex.so uses, in its version 7
 * (QEMU 11). No Debian package ships QEMU's own header.
 *
 * Every function that takes no vCPU acts on the vCPU whose callback calls it.
 */
#ifndef QEMU_PLUGIN_API_H
#define QEMU_PLUGIN_API_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_API	7
#define PLUGIN_EXPORT	__attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;

typedef struct {
	const char *target_name;
	struct {
		int min;
		int cur;
	} version;
	bool system_emulation;
	union {
		struct {
			int smp_vcpus;
			int max_vcpus;
		} system;
	};
} qemu_info_t;

/* A value of each vCPU, at @offset in the vCPU's part of @score. */
struct qemu_plugin_scoreboard;
typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
} qemu_plugin_u64;

/* How a vCPU's value is compared with a constant */
enum qemu_plugin_cond {
	QEMU_PLUGIN_COND_NE = 3,
};

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_register;

typedef struct {
	struct qemu_plugin_register *handle;
	const char *name;
	const char *feature;
	bool is_readonly;
} qemu_plugin_reg_descriptor;

/* What a callback may do with the registers of its vCPU */
enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS,
	QEMU_PLUGIN_CB_R_REGS,
	QEMU_PLUGIN_CB_RW_REGS,
	QEMU_PLUGIN_CB_RW_REGS_PC,
};

enum qemu_plugin_mem_rw {
	QEMU_PLUGIN_MEM_R = 1,
	QEMU_PLUGIN_MEM_W,
	QEMU_PLUGIN_MEM_RW,
};

enum qemu_plugin_discon_type {
	QEMU_PLUGIN_DISCON_INTERRUPT = 1,
	QEMU_PLUGIN_DISCON_EXCEPTION = 2,
	QEMU_PLUGIN_DISCON_HOSTCALL = 4,
};

/* The result of an access to memory by absolute address; 0 is success. */
enum qemu_plugin_hwaddr_operation_result {
	QEMU_PLUGIN_HWADDR_OPERATION_OK,
};

typedef void (*qemu_plugin_vcpu_udata_cb_t)(unsigned int vcpu, void *udata);
typedef void (*qemu_plugin_vcpu_tb_trans_cb_t)(struct qemu_plugin_tb *tb,
					       void *udata);
typedef void (*qemu_plugin_vcpu_mem_cb_t)(unsigned int vcpu,
					  qemu_plugin_meminfo_t info,
					  uint64_t vaddr, void *udata);
typedef void (*qemu_plugin_vcpu_discon_cb_t)(unsigned int vcpu,
					     enum qemu_plugin_discon_type type,
					     uint64_t from_pc, uint64_t to_pc,
					     void *udata);

void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t id,
				       qemu_plugin_vcpu_udata_cb_t cb,
				       void *udata);
void qemu_plugin_register_vcpu_idle_cb(qemu_plugin_id_t id,
				       qemu_plugin_vcpu_udata_cb_t cb,
				       void *udata);
void qemu_plugin_register_vcpu_resume_cb(qemu_plugin_id_t id,
					 qemu_plugin_vcpu_udata_cb_t cb,
					 void *udata);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   qemu_plugin_vcpu_tb_trans_cb_t cb,
					   void *udata);
void qemu_plugin_register_vcpu_discon_cb(qemu_plugin_id_t id,
					 enum qemu_plugin_discon_type type,
					 qemu_plugin_vcpu_discon_cb_t cb,
					 void *udata);
/*
 * Have @cb called at the beginning of the block if @value meets @cond with the
 * constant.
 */
void qemu_plugin_register_vcpu_tb_exec_cond_cb(struct qemu_plugin_tb *tb,
					       qemu_plugin_vcpu_udata_cb_t cb,
					       enum qemu_plugin_cb_flags flags,
					       enum qemu_plugin_cond cond,
					       qemu_plugin_u64 value,
					       uint64_t constant, void *udata);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags,
					    void *udata);
/* Have @cb called before the instruction if @value meets @cond. */
void qemu_plugin_register_vcpu_insn_exec_cond_cb(struct qemu_plugin_insn *insn,
						 qemu_plugin_vcpu_udata_cb_t cb,
						 enum qemu_plugin_cb_flags flags,
						 enum qemu_plugin_cond cond,
						 qemu_plugin_u64 value,
						 uint64_t constant, void *udata);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags,
				      enum qemu_plugin_mem_rw rw, void *udata);

struct qemu_plugin_scoreboard *
qemu_plugin_scoreboard_new(size_t element_size);
/* Set the value of a vCPU that has started. Any thread may do this. */
void qemu_plugin_u64_set(qemu_plugin_u64 value, unsigned int vcpu, uint64_t to);
int qemu_plugin_num_vcpus(void);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *dest,
			     size_t size);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);

unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);

/* Return a GArray of qemu_plugin_reg_descriptor, which the caller frees. */
GArray *qemu_plugin_get_registers(void);
/* Append the value, in the byte order of the guest, to @value. */
bool qemu_plugin_read_register(struct qemu_plugin_register *reg,
			       GByteArray *value);
bool qemu_plugin_write_register(struct qemu_plugin_register *reg,
				GByteArray *value);
__attribute__((noreturn)) void qemu_plugin_set_pc(uint64_t vaddr);

/*
 * Access memory by absolute address. A read replaces the contents of @data by
 * @size bytes.
 */
enum qemu_plugin_hwaddr_operation_result
qemu_plugin_read_memory_hwaddr(uint64_t addr, GByteArray *data, size_t size);
enum qemu_plugin_hwaddr_operation_result
qemu_plugin_write_memory_hwaddr(uint64_t addr, GByteArray *data);

/*
 * Functions that older QEMUs lack. If these were not weak, such a QEMU could
 * not load swcex.so, and would name the first of them instead of printing the
 * sentence that swcex.so has for this case.
 */
#pragma weak qemu_plugin_get_registers
#pragma weak qemu_plugin_num_vcpus
#pragma weak qemu_plugin_read_memory_hwaddr
#pragma weak qemu_plugin_read_register
#pragma weak qemu_plugin_register_vcpu_discon_cb
#pragma weak qemu_plugin_register_vcpu_insn_exec_cond_cb
#pragma weak qemu_plugin_register_vcpu_tb_exec_cond_cb
#pragma weak qemu_plugin_scoreboard_new
#pragma weak qemu_plugin_set_pc
#pragma weak qemu_plugin_u64_set
#pragma weak qemu_plugin_write_memory_hwaddr
#pragma weak qemu_plugin_write_register

#endif /* QEMU_PLUGIN_API_H */
