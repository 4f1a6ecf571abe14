/* The call that C cannot write: any number of words in registers and on the stack (System V ABI for x86-64, 3.2).
 *
 *   void signature_call_words(void (*function)(void), const uint64_t *words, size_t stack_words, uint64_t results[4])
 *
 * words: six integer registers, eight floating ones, then the stack. results: rax, rdx, xmm0, xmm1. */
#if defined(__x86_64__)
	.text
	.globl	signature_call_words
	.hidden	signature_call_words
	.type	signature_call_words, @function
	.balign	16
signature_call_words:
	.cfi_startproc
	endbr64
	pushq	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	pushq	%rbx
	pushq	%r12
	.cfi_offset %rbx, -24
	.cfi_offset %r12, -32
	movq	%rcx, %rbx
	movq	%rdi, %r12
	movq	%rsi, %r10
	leaq	1(%rdx), %rax
	andq	$-2, %rax		/* the stack stays 16-aligned */
	shlq	$3, %rax
	subq	%rax, %rsp
	movq	%rdx, %rcx
	leaq	112(%r10), %rsi
	movq	%rsp, %rdi
	rep movsq
	movq	0(%r10), %rdi
	movq	8(%r10), %rsi
	movq	16(%r10), %rdx
	movq	24(%r10), %rcx
	movq	32(%r10), %r8
	movq	40(%r10), %r9
	movsd	48(%r10), %xmm0
	movsd	56(%r10), %xmm1
	movsd	64(%r10), %xmm2
	movsd	72(%r10), %xmm3
	movsd	80(%r10), %xmm4
	movsd	88(%r10), %xmm5
	movsd	96(%r10), %xmm6
	movsd	104(%r10), %xmm7
	movl	$8, %eax
	call	*%r12
	movq	%rax, 0(%rbx)
	movq	%rdx, 8(%rbx)
	movsd	%xmm0, 16(%rbx)
	movsd	%xmm1, 24(%rbx)
	leaq	-16(%rbp), %rsp
	popq	%r12
	popq	%rbx
	popq	%rbp
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	signature_call_words, .-signature_call_words
#endif
	.section .note.GNU-stack, "", @progbits
