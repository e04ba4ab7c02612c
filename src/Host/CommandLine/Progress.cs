using Spectre.Console;

namespace Plug1.Host.CommandLine;

/// <summary>How far a long work is.</summary>
/// <param name="What">What is being done, such as <c>Day 12 of 90</c>.</param>
/// <param name="Done">How much is done.</param>
/// <param name="Total">How much there is; zero when nobody knows yet.</param>
internal readonly record struct Step(string What, long Done, long Total);

/// <summary>Shows how far a long work is: a bar on a terminal, a line now and then elsewhere. On standard error, so that standard output is the result.</summary>
internal static class Progress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Does the work with its progress shown.</summary>
    public static async Task<T> Show<T>(string title, Func<IProgress<Step>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(new Lines(title, TimeProvider.System));
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                task.IsIndeterminate = true;
                var result = await work(new Bar(task));
                task.IsIndeterminate = false;
                task.Value = task.MaxValue;
                return result;
            });
    }

    /// <inheritdoc cref="Show{T}(string, Func{IProgress{Step}, Task{T}})"/>
    public static Task Show(string title, Func<IProgress<Step>, Task> work) => Show(title, async progress =>
    {
        await work(progress);
        return true;
    });

    private sealed class Bar(ProgressTask task) : IProgress<Step>
    {
        public void Report(Step value)
        {
            task.Description = Markup.Escape(value.What);
            task.IsIndeterminate = value.Total <= 0;
            if (value.Total <= 0) return;
            task.MaxValue = value.Total;
            task.Value = value.Done;
        }
    }

    private sealed class Lines : IProgress<Step>
    {
        private readonly Lock turn = new();
        private readonly TimeProvider clock;
        private long last;

        public Lines(string title, TimeProvider clock)
        {
            this.clock = clock;
            last = clock.GetTimestamp();
            Console.Error.WriteLine(title);
        }

        public void Report(Step value)
        {
            lock (turn)
            {
                var whole = value.Total > 0 && value.Done >= value.Total;
                if (!whole && clock.GetElapsedTime(last) < Pause) return;
                last = clock.GetTimestamp();
                Console.Error.WriteLine(value.Total > 0 ? $"{value.What} ({100 * value.Done / value.Total} %)" : value.What);
            }
        }
    }
}
