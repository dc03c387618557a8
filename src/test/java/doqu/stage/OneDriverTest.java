package doqu.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.observe.UtsNames;
import doqu.step.Run;
import doqu.step.Step;
import doqu.step.StepRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While one thread has an actor carry out a step no other gets in between its calls. */
@Timeout(60)
class OneDriverTest {
  private static final int MANY = 300;

  private Stage stage;
  private Actor actor;

  @BeforeEach
  void aStage() throws StageRefused {
    stage = Stage.start();
    actor = stage.focus();
  }

  @AfterEach
  void itEnds() {
    stage.close();
  }

  @Test
  void whoAsksForTheHostnameMeanwhileGetsItWithoutTheActor() throws Exception {
    CompletableFuture<StepRecord> step =
        begins(
            run -> {
              for (int n = 0; n < MANY; n++) {
                run.call(Calls.sethostname("doqu-" + n));
              }
            });
    int asked = 0;
    for (; !step.isDone(); asked++) {
      assertThat(UtsNames.of(stage, actor).orElseThrow().hostname()).matches("stage|doqu-\\d+");
    }
    assertThat(asked).isPositive();
    assertThat(step.join().ok()).isTrue();
    assertThat(step.join().syscalls()).hasSize(MANY);
    assertThat(UtsNames.of(stage, actor).orElseThrow().hostname()).isEqualTo("doqu-" + (MANY - 1));
  }

  @Test
  void whoDrivesItAllTheSameIsToldSoAndTheActorLives() throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    CompletableFuture<StepRecord> step =
        begins(
            run -> {
              await(tried);
              run.call(Calls.sethostname("later"));
            });
    assertThatThrownBy(() -> actor.plumb(Calls.uname()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("doqu is driven by two at once");
    assertThatThrownBy(() -> Run.of(stage, actor, "another", run -> {}))
        .isInstanceOf(IllegalStateException.class);
    tried.countDown();
    assertThat(step.join().ok()).isTrue();
    assertThat(UtsNames.of(stage, actor).orElseThrow().hostname()).isEqualTo("later");
  }

  /** A step that another thread has the actor carry out, and that has begun. */
  private CompletableFuture<StepRecord> begins(Step step) {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<StepRecord> record =
        CompletableFuture.supplyAsync(
            () ->
                Run.of(
                    stage,
                    actor,
                    "a step",
                    run -> {
                      begun.countDown();
                      step.run(run);
                    }));
    await(begun);
    return record;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
