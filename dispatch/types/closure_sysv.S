/* The functions behind vtables made at run time (System V ABI for x86-64): one small thunk per slot number, the same for
 * every vtable, because the vtable is found through `this`. So no code is ever written while the program runs. A
 * thunk leaves its number in eax; with bit 16 set `this` is the second argument, behind the hidden pointer to the
 * result. The common part saves the argument registers and calls
 *
 *   void closure_enter(uint32_t number, uint64_t registers[14], uint64_t *stack, uint64_t results[4])
 *
 * results: rax, rdx, xmm0, xmm1. closure_thunks and closure_thunks_hidden are 1024 thunks of 16 bytes each. */
#if defined(__x86_64__)
	.text
	.balign	16
	.type	closure_common, @function
closure_common:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	subq	$144, %rsp
	movq	%rdi, 0(%rsp)
	movq	%rsi, 8(%rsp)
	movq	%rdx, 16(%rsp)
	movq	%rcx, 24(%rsp)
	movq	%r8, 32(%rsp)
	movq	%r9, 40(%rsp)
	movsd	%xmm0, 48(%rsp)
	movsd	%xmm1, 56(%rsp)
	movsd	%xmm2, 64(%rsp)
	movsd	%xmm3, 72(%rsp)
	movsd	%xmm4, 80(%rsp)
	movsd	%xmm5, 88(%rsp)
	movsd	%xmm6, 96(%rsp)
	movsd	%xmm7, 104(%rsp)
	movl	%eax, %edi
	movq	%rsp, %rsi
	leaq	16(%rbp), %rdx
	leaq	112(%rsp), %rcx
	call	closure_enter
	movq	112(%rsp), %rax
	movq	120(%rsp), %rdx
	movsd	128(%rsp), %xmm0
	movsd	136(%rsp), %xmm1
	leave
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	closure_common, .-closure_common

	.macro	define_thunks name, flag
	.globl	\name
	.hidden	\name
	.type	\name, @function
	.balign	16
\name:
	.cfi_startproc
	.set	number, 0
	.rept	1024
	.balign	16
	endbr64
	movl	$(number + \flag), %eax
	.byte	0xe9			/* jmp closure_common, always in its long form */
	.long	closure_common - (. + 4)
	.set	number, number + 1
	.endr
	.cfi_endproc
	.size	\name, .-\name
	.endm

	define_thunks closure_thunks, 0
	define_thunks closure_thunks_hidden, 0x10000
#endif
	.section .note.GNU-stack, "", @progbits
