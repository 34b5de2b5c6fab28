#include "suites/probe/fault.h"

#include "suites/probe/emulate.h"

#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

enum { STACK_BYTES = 256 * 1024 };

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGPROF};

/* What the handler needs to leave; one run at a time. */
static sigjmp_buf way_out;
static volatile sig_atomic_t running;
static pthread_t runner; /* the thread that called fault_run: no other can leave it */
static volatile sig_atomic_t fault_number;
static volatile uintptr_t fault_address;

static const char *name_of(int number)
{
    switch (number) {
    case SIGSEGV:
        return "SIGSEGV";
    case SIGBUS:
        return "SIGBUS";
    case SIGILL:
        return "SIGILL";
    default:
        return "SIGFPE";
    }
}

static void leave(int number, siginfo_t *info, void *context)
{
    if (number == SIGILL && emulate_instruction(context))
        return;
    if (running && number == SIGPROF && !pthread_equal(pthread_self(), runner)) {
        pthread_kill(runner, number); /* the timer is the process's: any thread may be told */
        return;
    }
    if (!running || !pthread_equal(pthread_self(), runner)) {
        if (number == SIGPROF) /* the timer ran out just as the function returned */
            return;
        /* A fault of our own: let it end the program as it would have without us. */
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    running = 0;
    fault_number = number;
    fault_address = number == SIGPROF ? 0 : (uintptr_t)info->si_addr;
    siglongjmp(way_out, 1);
}

bool fault_install(void)
{
    void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED)
        return false;
    const stack_t alternate = {.ss_sp = stack, .ss_size = STACK_BYTES};
    if (sigaltstack(&alternate, NULL) != 0)
        return false;
    struct sigaction action = {.sa_sigaction = leave, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGSEGV); /* which an emulated instruction may raise */
    sigdelset(&action.sa_mask, SIGBUS);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        if (sigaction(signals[i], &action, NULL) != 0)
            return false;
    return true;
}

static void set_timer(unsigned seconds)
{
    const struct itimerval timer = {.it_value = {.tv_sec = (time_t)seconds}};
    /* CPU time, not time by the clock: a busy machine must not make a kernel look endless. */
    (void)setitimer(ITIMER_PROF, &timer, NULL);
}

void fault_reset_control(void)
{
    fesetenv(FE_DFL_ENV);
#if defined(__x86_64__)
    __asm__ volatile("cld");
#endif
}

bool fault_run(void (*function)(void *argument), void *argument, unsigned seconds, struct fault *fault)
{
    memset(fault, 0, sizeof(*fault));
    if (sigsetjmp(way_out, 1) != 0) {
        fault_reset_control();
        set_timer(0);
        fault->number = fault_number == SIGPROF ? SIGALRM : fault_number;
        fault->address = fault_address;
        if (fault->number == SIGALRM)
            snprintf(fault->message, sizeof(fault->message), "still running after %u s of CPU time", seconds);
        else
            snprintf(fault->message, sizeof(fault->message), "%s at %#jx", name_of(fault->number),
                     (uintmax_t)fault->address);
        return false;
    }
    if (seconds)
        set_timer(seconds);
    runner = pthread_self();
    running = 1;
    function(argument);
    running = 0;
    if (seconds)
        set_timer(0);
    return true;
}
