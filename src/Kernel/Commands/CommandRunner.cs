using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Commands;

/// <summary>One call of a command: who asks, from where, with which idempotency key.</summary>
/// <param name="Actor">Who.</param>
/// <param name="BranchId">For which branch.</param>
/// <param name="Device">The device, as it names itself.</param>
/// <param name="Address">The network address.</param>
/// <param name="IdempotencyKey">Key of the call, or null.</param>
/// <param name="RequestHash">Hash of route and body, compared when the key comes again.</param>
public sealed record CommandCall(Actor Actor, Guid BranchId, string? Device = null, string? Address = null, string? IdempotencyKey = null, string? RequestHash = null)
{
    /// <summary>The hash of a route and a body.</summary>
    public static string HashOf(string route, ReadOnlySpan<byte> body)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes(route));
        sha.AppendData(body);
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}

/// <summary>What a command answers: the text that is sent, and kept for when the same call comes again.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Json">Body.</param>
public sealed record Answer(int Status, string Json);

/// <summary>The only door for a write: permission, one transaction, idempotency, audit. A refusal undoes all of it.</summary>
/// <remarks>
/// The idempotency key is written with the rest and its unique key is the check, so that a first call pays no extra round trip;
/// a call that is refused or collides looks whether its key has been answered before.
/// </remarks>
public sealed class CommandRunner(Database database, OrganisationBook organisation, TimeProvider clock, JsonSerializerOptions json)
{
    internal const int LongestKey = 100;

    internal static readonly Table Keys = new("idempotency",
        ("user_id", Kind.Id), ("key", Kind.Text), ("request_hash", Kind.Text), ("status", Kind.Long), ("response", Kind.Text), ("at", Kind.Instant));

    /// <summary>The clock of all commands.</summary>
    public TimeProvider Clock => clock;

    /// <summary>How answers are written.</summary>
    public JsonSerializerOptions Json => json;

    /// <summary>Who, where and when of a call, with the branch's business day.</summary>
    public ValueTask<Stamp> StampOf(CommandCall call, CancellationToken ct = default)
    {
        var now = Dialect.Micro(clock.GetUtcNow());
        return StampAt(new Stamp(call.Actor, Guid.Empty, now, DateOnly.FromDateTime(now.UtcDateTime), now.Hour, call.Device, call.Address), call.BranchId, ct);
    }

    /// <summary>The same who and when at another branch, with that branch's business day: what is done to a document is booked where the document is.</summary>
    public async ValueTask<Stamp> StampAt(Stamp stamp, Guid branchId, CancellationToken ct = default)
    {
        if (stamp.BranchId == branchId) return stamp;
        var branch = (await organisation.Get(ct)).Branch(branchId);
        var local = TimeZoneInfo.ConvertTime(stamp.At, branch.Zone);
        return stamp with { BranchId = branchId, BusinessDate = DateOnly.FromDateTime(local.DateTime), Hour = local.Hour };
    }

    /// <summary>Runs a command.</summary>
    /// <param name="call">The call.</param>
    /// <param name="function">Function code, for the audit of a denial.</param>
    /// <param name="action">Action within the function: the permission is <c>function.action</c>.</param>
    /// <param name="status">HTTP status of success.</param>
    /// <param name="handle">The work, inside the transaction.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Result<Answer>> Run<T>(CommandCall call, string function, string action, int status, Func<Tx, Stamp, Task<Result<T>>> handle, CancellationToken ct = default)
    {
        if (call.Actor.IsOff(function)) return FunctionRefusals.Off(function);
        var stamp = await StampOf(call, ct);
        if (!call.Actor.May($"{function}.{action}", call.BranchId)) return await Deny(stamp, function, action, ct);
        if (call.IdempotencyKey is { Length: > LongestKey }) return CallKeys.Invalid;
        try
        {
            var result = await database.Write<Answer>(async tx =>
            {
                var handled = await handle(tx, stamp);
                if (handled.IsRefused) return handled.Refusal;
                var answer = new Answer(status, JsonSerializer.Serialize(handled.Value, json));
                if (call.IdempotencyKey is not null)
                    tx.Insert(Keys, [[call.Actor.UserId, call.IdempotencyKey, call.RequestHash ?? "", (long)status, answer.Json, stamp.At]]);
                return answer;
            }, ct);
            if (result.IsRefused && await Earlier(call, ct) is { } first) return first;
            return result;
        }
        catch (Exception failure) when (Dialect.IsUniqueViolation(failure))
        {
            if (await Earlier(call, ct) is { } first) return first;
            return Collision(failure);
        }
        catch (Exception failure) when (IsBalanceLimit(failure))
        {
            if (await Earlier(call, ct) is { } first) return first;
            return new Refusal("BALANCE_LIMIT", "A balance would pass its limit; somebody else was faster.", Status: 409);
        }
    }

    /// <summary>PostgreSQL tells the constraint by its name, SQLite by what it says.</summary>
    private static bool IsBalanceLimit(Exception failure) =>
        Dialect.IsCheckViolation(failure) && Dialect.ViolatedName(failure) is var name
        && (name.Contains("balance", StringComparison.Ordinal) || name.Contains("er_limit is null", StringComparison.Ordinal));

    private static Refusal Collision(Exception failure)
    {
        var name = Dialect.ViolatedName(failure);
        return name.Contains("one_open_shift", StringComparison.Ordinal) || name.Contains("work_session.terminal_id", StringComparison.Ordinal)
            ? new Refusal("SHIFT_ALREADY_OPEN", "This terminal has an open shift already.", Status: 409)
            : new Refusal("ALREADY_EXISTS", "This has been stored already under another key.", Status: 409);
    }

    private async Task<Result<Answer>?> Earlier(CommandCall call, CancellationToken ct)
    {
        if (call.IdempotencyKey is null) return null;
        var kept = await database.Read(db => db.First(
            $"select request_hash, status, response from idempotency where user_id = {call.Actor.UserId} and key = {call.IdempotencyKey}",
            row => new { Hash = row.Text(0), Answer = new Answer(row.Int(1), row.Text(2)) }, ct), ct);
        if (kept is null) return null;
        if (kept.Hash != (call.RequestHash ?? ""))
            return (Result<Answer>)CallKeys.Reused;
        return (Result<Answer>)kept.Answer;
    }

    /// <summary>Records that somebody was refused what is no command, such as a file.</summary>
    public async Task<Refusal> Deny(CommandCall call, string function, string action, CancellationToken ct = default) => await Deny(await StampOf(call, ct), function, action, ct);

    private async Task<Refusal> Deny(Stamp stamp, string function, string action, CancellationToken ct)
    {
        await database.Write(tx =>
        {
            AuditTrail.Stage(tx, new AuditEvent(stamp, function, action, "permission", null, "denied"), clock);
            return Task.CompletedTask;
        }, ct);
        return Denied($"{function}.{action}");
    }

    /// <summary>The refusal of somebody who lacks a permission.</summary>
    public static Refusal Denied(string permission) => new("PERMISSION_DENIED", $"You lack the permission {permission}.", Status: 403,
        Detail: new Dictionary<string, object?> { ["permission"] = permission });
}
