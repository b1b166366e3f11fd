// Which native module belongs to this machine, and what is said when there is none.

/** Where a program runs. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
  /** On Linux, which C library. */
  readonly libc: "gnu" | "musl" | undefined;
}

/** A native module that was looked for. */
export interface Attempt {
  /** Of which platform it is: `linux-x64-gnu`. */
  readonly target: string;
  readonly error: unknown;
}

/** What the package's own `package.json` says; only a released one has optional dependencies. */
export interface Manifest {
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The package that holds the native module of a platform. */
export function packageOf(target: string): string {
  return `agent-platform-sdk-${target}`;
}

/** Which builds may run here, the likelier first: to ask for the C library takes longer than to try. */
export function targets(os: string, arch: string): string[] {
  switch (os) {
    case "linux":
      return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
    case "win32":
      return [`win32-${arch}-msvc`];
    default:
      return [`${os}-${arch}`];
  }
}

/** The platform of this process. */
export function thisPlatform(): Platform {
  const { platform: os, arch } = process;
  if (os !== "linux") return { os, arch, libc: undefined };
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return { os, arch, libc: report.header?.glibcVersionRuntime === undefined ? "musl" : "gnu" };
}

/** Why there is no native module, and what to do about it. */
export function explain(platform: Platform, attempts: readonly Attempt[], manifest: Manifest): string {
  const candidates = targets(platform.os, platform.arch);
  const target = candidates.find((name) => platform.libc === undefined || name.endsWith(`-${platform.libc}`)) ?? "unknown";
  const name = packageOf(target);
  const begin = `agent-platform-sdk has no native module for ${target} (Node ${process.version})`;
  const published = Object.keys(manifest.optionalDependencies ?? {});
  if (published.length > 0 && !published.includes(name)) {
    const known = published.map((other) => other.slice(packageOf("").length)).join(", ");
    return `${begin}: it is not made for this platform, but for ${known}`;
  }
  const install = `Install it with: npm install ${name}@${manifest.version}`;
  const found = attempts.filter(({ error }) => !isMissing(error));
  const broken = found.find((attempt) => attempt.target === target);
  if (broken !== undefined) return `${begin}: ${name} is there and does not load, ${reason(broken.error)}. ${install}`;
  const other = found[0];
  if (other !== undefined) {
    return (
      `${begin}: what is installed is ${packageOf(other.target)}, for another C library, as when node_modules was ` +
      `copied from another system. ${install}`
    );
  }
  return (
    `${begin}: ${name} is not installed; npm leaves it out with --omit=optional, or when node_modules or ` +
    `package-lock.json came from another platform. ${install}`
  );
}

/** What is wrong with a native module of another version than the JavaScript around it; `undefined` where it is the same. */
export function mismatch(target: string, module: { version?: () => string }, manifest: Manifest): string | undefined {
  // One that can't tell is older than this check.
  const version = module.version?.() ?? "before 0.1.0";
  if (version === manifest.version) return undefined;
  return (
    `agent-platform-sdk is of version ${manifest.version}, and its native module in ${packageOf(target)} of version ` +
    `${version}. Install the same: npm install ${packageOf(target)}@${manifest.version}`
  );
}

/** Whether there is no such module, rather than one that does not load. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
