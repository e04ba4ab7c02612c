using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Commands;

/// <summary>The idempotency key of a call that makes users, roles or tokens.</summary>
/// <param name="Key">As the caller chose it.</param>
/// <param name="RequestHash">Hash of the route and of what is no secret in the body, compared when the key comes again.</param>
public sealed record CallKey(string Key, string RequestHash);

/// <summary>Keeps what a call has made, not what it answered: the answer may hold a secret, and what was made can be read again.</summary>
internal static class CallKeys
{
    /// <summary>The refusal of a key that is too long to be kept.</summary>
    public static Refusal Invalid { get; } = new("IDEMPOTENCY_KEY_INVALID", "An idempotency key has at most 100 characters.", Status: 400);

    /// <summary>The refusal of a key that came with another request before.</summary>
    public static Refusal Reused { get; } = new("IDEMPOTENCY_KEY_REUSED", "This idempotency key was used for another request.");

    /// <summary>What the call made when it came first; null when this is the first time. Others with the same key wait until the transaction ends.</summary>
    /// <returns>Refused with <c>IDEMPOTENCY_KEY_INVALID</c> or <c>IDEMPOTENCY_KEY_REUSED</c>.</returns>
    public static async Task<Result<string?>> Made(Tx tx, Caller caller, CancellationToken ct)
    {
        if (caller.Key is not { } call) return Result.Of<string?>(null);
        if (call.Key.Length > CommandRunner.LongestKey) return Invalid;
        var whose = $"{caller.Actor.UserId:D} {call.Key}";
        if (tx.Engine == Engine.Postgres) tx.Later($"select pg_advisory_xact_lock(7, hashtext({whose}))::text", row => 0);
        var kept = await tx.First($"select request_hash, response from idempotency where user_id = {caller.Actor.UserId} and key = {call.Key}",
            row => (Hash: row.Text(0), Made: row.Text(1)), ct);
        if (kept == default) return Result.Of<string?>(null);
        return kept.Hash == call.RequestHash ? Result.Of<string?>(kept.Made.Trim('"')) : Reused;
    }

    /// <summary>Gathers what the call made, by its id or code.</summary>
    public static void Keep(Tx tx, Caller caller, string made, DateTimeOffset at)
    {
        if (caller.Key is { } call)
            tx.Insert(CommandRunner.Keys, [[caller.Actor.UserId, call.Key, call.RequestHash, 201L, $"\"{made}\"", at]]);
    }
}
