using System.Collections.Frozen;
using System.Text;

namespace Plug1.Http.Diagnostics;

/// <summary>Takes everything personal out of an error: what is left are words of this list and the names of types and methods.</summary>
/// <remarks>
/// The other way round, looking for what is personal, finds e-mail addresses but no names. A message may quote any value of the database, so
/// only words that are the program's own are kept; each other word, each number and whatever has a capital letter becomes a star: a surname may be a word too.
/// </remarks>
public static class Plain
{
    private const string Words =
        "a already an and another are argument as at audit backup balance be because been before began begin being block broken busy but by cannot canceled cast change check chunk closed " +
        "code column commit company connection constraint contention copy corrupt could count cursor damaged data database date deadlock debit delete denied detected directory disk disposed " +
        "division document does duplicate element empty end entry error exceeded exception exists expected expired failed fault field file find folder for foreign format found from full function " +
        "given greater has have header held host if in index input insert instance integer internal invalid invariant is isolation it job key large layer ledger length level limit line lock " +
        "locked long lost malformed many message migration minute missing module more must name negative network no node not null number object of on open operation or order out overflow owner " +
        "page parameter parse password permission pipe posting primary process query range read readonly record reference refused relation request required reset restore result roll row rule run " +
        "running schema seal second serialization server session size socket space sql state statement step stopped storage stream sum sync syntax table terminal text than that the there this time " +
        "timeout to token too transaction trigger tried type unable unavailable under unexpected unique unit unknown unreachable update updated use user value version violates violation wait was " +
        "watermark while with within without write written wrong zero";

    private static readonly FrozenSet<string> Known = Words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A message with the program's own words alone.</summary>
    public static string Message(string? message)
    {
        if (string.IsNullOrEmpty(message)) return "";
        var (told, hidden) = (new StringBuilder(), false);
        foreach (var word in message.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Take(80))
        {
            var bare = word.Trim('.', ',', ':', ';', '\'', '"', '(', ')', '!', '?');
            if (Known.Contains(bare))
            {
                told.Append(told.Length > 0 ? " " : "").Append(bare);
                hidden = false;
            }
            else if (!hidden)
            {
                told.Append(told.Length > 0 ? " " : "").Append('*');
                hidden = true;
            }
        }

        return told.ToString();
    }

    /// <summary>What kind of failure it was: the types of the exception and of those within, with the state that a database names.</summary>
    public static string Kind(Exception failure)
    {
        var kinds = new List<string>();
        for (var one = failure; one is not null && kinds.Count < 5; one = one.InnerException)
            kinds.Add(one is System.Data.Common.DbException { SqlState: { Length: 5 } state } && state.All(char.IsAsciiLetterOrDigit) ? $"{one.GetType().Name} {state}" : one.GetType().Name);
        return string.Join(" < ", kinds);
    }

    /// <summary>The methods that it came through, without files, lines and values.</summary>
    public static IReadOnlyList<string> Trace(Exception failure) =>
    [
        .. (failure.GetBaseException().StackTrace ?? failure.StackTrace ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("at ", StringComparison.Ordinal))
            .Select(line => line[3..].Split(" in ")[0]).Where(line => line.StartsWith("Plug1.", StringComparison.Ordinal)).Take(12),
    ];

    /// <summary>An error as the history of jobs keeps it, <c>Type: message</c>.</summary>
    public static string? JobError(string? error)
    {
        if (error is null) return null;
        var colon = error.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && error[..colon].All(char.IsAsciiLetterOrDigit) ? $"{error[..colon]}: {Message(error[(colon + 2)..])}" : Message(error);
    }
}
