# The few methods of Homebrew's Formula that ours uses, after Homebrew's Formula Cookbook: it runs the install block of the formula on an
# unpacked package, and its test block on what was installed.
# Usage: ruby formula_stand_in.rb FORMULA MACHINE UNPACKED CELLAR
require "fileutils"
require "pathname"

MACHINE = ARGV.fetch(1)
CELLAR = Pathname(ARGV.fetch(3))

class Pathname
  def install(*what)
    FileUtils.mkdir_p(self)
    what.flatten.each do |path|
      raise "#{path} is not there to be installed" unless File.exist?(path) || File.symlink?(path)
      FileUtils.mv(path, self)
    end
  end

  def install_symlink(*what)
    FileUtils.mkdir_p(self)
    what.each { |path| FileUtils.ln_s(path, self) }
  end
end

module OS
  def self.mac? = MACHINE.start_with?("osx-")
end

class Formula
  class << self
    attr_reader :told, :test_block

    %i[desc homepage version license url sha256].each do |name|
      define_method(name) { |value| (@told ||= {})[name] = value }
    end

    def on_linux = MACHINE.start_with?("linux-") && yield
    def on_macos = MACHINE.start_with?("osx-") && yield
    def on_intel = MACHINE.end_with?("-x64") && yield
    def on_arm = MACHINE.end_with?("-arm64") && yield
    def test(&block) = @test_block = block
  end

  def version = self.class.told.fetch(:version)
  def bin = CELLAR / "bin"
  def lib = CELLAR / "lib"
  def libexec = CELLAR / "libexec"
  def include = CELLAR / "include"
  def doc = CELLAR / "share/doc/klock"
  def man1 = CELLAR / "share/man/man1"
  def shell_output(command) = `#{command}`.tap { raise "#{command} failed" unless $?.success? }
  def assert_match(part, text) = text.include?(part) || raise("#{text.inspect} has no #{part}")
end

load ARGV.fetch(0)
formula = Klock.new
Dir.chdir(ARGV.fetch(2)) { formula.install }
formula.instance_eval(&Klock.test_block)
Klock.told.each { |name, value| puts "#{name} #{value}" }
